using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Meshpulse.Lab.Metrics;

/// <summary>A metrics agent, written from the description of its datagrams: a type, a value and the rest a name.</summary>
internal sealed class AgentListener : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(int Type, int Value, string Name)> _values = [];

    public AgentListener()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = ReadAsync();
    }

    /// <summary>Where it listens.</summary>
    public EndPoint Address => _socket.LocalEndPoint!;

    /// <summary>All that came, in its order.</summary>
    public IReadOnlyList<(int Type, int Value, string Name)> Values
    {
        get
        {
            lock (_values)
            {
                return [.. _values];
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stop.Cancel();
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[512];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, _stop.Token);
                lock (_values)
                {
                    _values.Add((
                        BinaryPrimitives.ReadUInt16BigEndian(buffer),
                        BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(2)),
                        Encoding.UTF8.GetString(buffer.AsSpan(6, length - 6))));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The end.
        }
    }
}
