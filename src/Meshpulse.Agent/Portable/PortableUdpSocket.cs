using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Portable;

/// <summary>
/// A UDP socket that never blocks, by the runtime alone: for platforms other than Linux, and beside the kernel's own socket as a second
/// opinion in tests. Same shape, fewer facts: no stamps but our own readings, no TTL or TOS of arrivals, no error queue.
/// <para>
/// Allocates nothing but where something fails. The runtime's usual calls make an <see cref="EndPoint"/> of each sender, so addresses are written
/// and read here in the bytes of a <see cref="SocketAddress"/>, whose port and address stand at the same places on all platforms.
/// </para>
/// <para>
/// A pending error (an ICMP message about an earlier datagram) fails the next call of a connected socket, and on Windows of any. The call is
/// repeated, as that error was not its own, and <see cref="LastError"/> has it.
/// </para>
/// </summary>
internal sealed class PortableUdpSocket : IDisposable
{
    // sockaddr_in and sockaddr_in6: the port, then the address, IPv6's after its flow.
    private const int PortOffset = 2;
    private const int V4Offset = 4;
    private const int V4Length = 16;
    private const int V6Offset = 8;
    private const int V6Length = 28;

    // More can come than are consumed; the caller shall get its thread back.
    private const int MostPending = 4;

    private readonly SocketAddress _to;
    private readonly SocketAddress _from;
    private NodeEndpoint? _peer;

    private PortableUdpSocket(Socket socket, IReadOnlyList<string> refused)
    {
        (Socket, Refused) = (socket, refused);
        var length = socket.AddressFamily == AddressFamily.InterNetworkV6 ? V6Length : V4Length;
        (_to, _from) = (new SocketAddress(socket.AddressFamily, length), new SocketAddress(socket.AddressFamily, length));
        LocalEndpoint = Local();
    }

    /// <summary>For waiting.</summary>
    public Socket Socket { get; }

    /// <summary>The options that this platform does not do, by name.</summary>
    public IReadOnlyList<string> Refused { get; }

    /// <summary>The address and port at this end.</summary>
    public NodeEndpoint LocalEndpoint { get; private set; }

    /// <summary>What was said last of a datagram of ours; success where nothing was.</summary>
    public SocketError LastError { get; private set; }

    /// <summary>Makes a bound socket.</summary>
    /// <param name="local">Address and port, either of them unspecified for any; chooses the family.</param>
    /// <param name="options">What to set.</param>
    /// <exception cref="SocketException">The address is in use, not of this host or not permitted.</exception>
    public static PortableUdpSocket Open(NodeEndpoint local, in PortableUdpOptions options)
    {
        var socket = new Socket(local.IsV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Blocking = false;
            var refused = PortableSocketOptions.Apply(socket, options);
            socket.Bind(new IPEndPoint(local.ToIPAddress(), local.Port));
            return new PortableUdpSocket(socket, refused);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Fixes the peer: what others send is not received, and errors about what is sent come to this socket.</summary>
    /// <returns>Success; or why there is no way to it.</returns>
    public SocketError ConnectTo(NodeEndpoint remote)
    {
        try
        {
            Socket.Connect(new IPEndPoint(remote.ToIPAddress(), remote.Port));
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }

        _peer = remote;
        LocalEndpoint = Local();
        return SocketError.Success;
    }

    /// <summary>Sends one datagram; a connected socket sends to its peer alone.</summary>
    /// <returns>Success; or why this host did not send it.</returns>
    public SocketError SendTo(ReadOnlySpan<byte> bytes, NodeEndpoint remote)
    {
        if (remote.IsV6 != (Socket.AddressFamily == AddressFamily.InterNetworkV6) || (_peer is { } peer && peer != remote))
        {
            return SocketError.AddressNotAvailable;
        }

        var error = SendOnce(bytes, remote);
        if (!CanBePending(error))
        {
            return error;
        }

        LastError = error;
        return SendOnce(bytes, remote);
    }

    /// <summary>Takes as many datagrams as wait and fit into the batch, each with the clocks read right after it.</summary>
    /// <returns>How many came.</returns>
    public int ReceiveBatch(PortableUdpBatch batch)
    {
        batch.Clear();
        for (var pending = 0; batch.Count < batch.Capacity && pending < MostPending;)
        {
            var error = ReceiveOne(batch.Room, out var length, out var remote);
            if (error == SocketError.Success)
            {
                batch.Add(remote, length, PortableClock.Pair());
            }
            else if (error == SocketError.WouldBlock)
            {
                break;
            }
            else
            {
                LastError = error;
                pending++;
            }
        }

        return batch.Count;
    }

    /// <summary>Closes; any number of times.</summary>
    public void Dispose() => Socket.Dispose();

    private NodeEndpoint Local() => Socket.LocalEndPoint is IPEndPoint local ? NodeEndpoint.From(local.Address, local.Port) : default;

    private SocketError SendOnce(ReadOnlySpan<byte> bytes, NodeEndpoint remote)
    {
        if (_peer is not null)
        {
            _ = Socket.Send(bytes, SocketFlags.None, out var error);
            return error;
        }

        Write(_to, remote);
        try
        {
            _ = Socket.SendTo(bytes, SocketFlags.None, _to);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    private SocketError ReceiveOne(Span<byte> room, out int length, out NodeEndpoint remote)
    {
        if (_peer is { } peer)
        {
            length = Socket.Receive(room, SocketFlags.None, out var error);
            remote = peer;
            return error;
        }

        (length, remote) = (0, default);
        try
        {
            // Asked first, as that nothing waits would be an exception.
            if (!Socket.Poll(0, SelectMode.SelectRead))
            {
                return SocketError.WouldBlock;
            }

            length = Socket.ReceiveFrom(room, SocketFlags.None, _from);
            remote = Read(_from);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    private static bool CanBePending(SocketError error) => error is SocketError.ConnectionRefused or SocketError.ConnectionReset
        or SocketError.HostUnreachable or SocketError.HostDown or SocketError.NetworkUnreachable or SocketError.AccessDenied;

    private static void Write(SocketAddress address, NodeEndpoint endpoint)
    {
        var bytes = address.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[PortOffset..], (ushort)endpoint.Port);
        _ = endpoint.WriteAddress(bytes[(endpoint.IsV6 ? V6Offset : V4Offset)..]);
    }

    private static NodeEndpoint Read(SocketAddress address)
    {
        ReadOnlySpan<byte> bytes = address.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[PortOffset..]);
        return address.Family == AddressFamily.InterNetworkV6
            ? NodeEndpoint.FromBytes(bytes.Slice(V6Offset, 16), port)
            : NodeEndpoint.FromBytes(bytes.Slice(V4Offset, 4), port);
    }
}
