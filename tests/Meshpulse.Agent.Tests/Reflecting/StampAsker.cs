using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Tests.Reflecting;

/// <summary>A sender made by hand, on a socket of its own.</summary>
internal sealed class StampAsker : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[65_536];

    public StampAsker(IPAddress address)
    {
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = (int)Eventually.Hang.TotalMilliseconds };
        _socket.Bind(new IPEndPoint(address, 0));
        Local = NodeEndpoint.From(address, ((IPEndPoint)_socket.LocalEndPoint!).Port);
    }

    public NodeEndpoint Local { get; }

    /// <summary>TTL or hop limit of what is sent.</summary>
    public short Ttl
    {
        set
        {
            if (Local.IsV6)
            {
                // IPV6_UNICAST_HOPS of IPPROTO_IPV6: Ttl of .NET is that of IPv4 alone.
                _socket.SetRawSocketOption(41, 16, BitConverter.GetBytes((int)value));
            }
            else
            {
                _socket.Ttl = value;
            }
        }
    }

    /// <summary>True where something came that was not read.</summary>
    public bool HasMore => _socket.Available > 0;

    /// <summary>An unauthenticated request as RFC 8762 draws it, and what follows it.</summary>
    public static byte[] Request(uint sequence, ushort ssid, ulong timestamp = 0xe8fe6f80_1f9add37, params byte[] more)
    {
        var request = new byte[44 + more.Length];
        BinaryPrimitives.WriteUInt32BigEndian(request, sequence);
        BinaryPrimitives.WriteUInt64BigEndian(request.AsSpan(4), timestamp);
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(12), 0x8f84);
        BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(14), ssid);
        more.CopyTo(request, 44);
        return request;
    }

    /// <summary>An authenticated one, signed.</summary>
    public static byte[] Signed(uint sequence, ushort ssid, StampKey key)
    {
        var request = new byte[112];
        StampWire.WriteRequest(request, StampMode.Authenticated, new StampSenderPacket(sequence, new StampTimestamp(0xe8fe6f80_1f9add37), new StampErrorEstimate(0x8f84), ssid));
        StampMac.SignPacket(key, request);
        return request;
    }

    public void Send(ReadOnlySpan<byte> request, NodeEndpoint to) => _socket.SendTo(request, new IPEndPoint(to.ToIPAddress(), to.Port));

    /// <summary>Waits for a reply.</summary>
    public byte[] Receive(out NodeEndpoint from)
    {
        EndPoint sender = new IPEndPoint(Local.IsV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        var length = _socket.ReceiveFrom(_buffer, ref sender);
        var end = (IPEndPoint)sender;
        from = NodeEndpoint.From(end.Address, end.Port);
        return _buffer[..length];
    }

    /// <summary>Sends, waits, and says that the answer came from where it was sent to.</summary>
    public byte[] Ask(ReadOnlySpan<byte> request, NodeEndpoint at)
    {
        Send(request, at);
        var reply = Receive(out var from);
        Assert.Equal(at, from);
        return reply;
    }

    public void Dispose() => _socket.Dispose();
}
