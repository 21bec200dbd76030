using System.Net;
using System.Net.Sockets;

namespace Meshpulse.Lab.Originals;

/// <summary>
/// A reflector as the original's, written from the description of its wire format: bound to all addresses, it answers every request with the
/// same bytes and type 2. It may be told to answer in other ways, as networks and forgers do.
/// </summary>
internal sealed class OriginalReflector : IDisposable
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private long _requests;
    private long _others;

    /// <param name="at">Where it listens.</param>
    /// <param name="answer">What it does for each request: its socket, the answer as it should be, and whom it is for; null to send it.</param>
    public OriginalReflector(IPEndPoint at, Action<Socket, byte[], EndPoint>? answer = null)
    {
        _socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(at);
        _ = ReflectAsync(answer ?? ((socket, bytes, to) => socket.SendTo(bytes, to)));
    }

    /// <summary>Requests that came and were what they should be, to the byte.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Whatever else came.</summary>
    public long Others => Interlocked.Read(ref _others);

    /// <summary>The ports that requests came from: a check of the original has one.</summary>
    public HashSet<int> Ports { get; } = [];

    /// <inheritdoc />
    public void Dispose()
    {
        _stop.Cancel();
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReflectAsync(Action<Socket, byte[], EndPoint> answer)
    {
        var buffer = new byte[2048];
        var anyone = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        try
        {
            while (true)
            {
                var got = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, anyone, _stop.Token);
                var bytes = buffer[..got.ReceivedBytes];
                if (!OriginalWire.IsRequest(bytes))
                {
                    Interlocked.Increment(ref _others);
                    continue;
                }

                lock (Ports)
                {
                    Ports.Add(((IPEndPoint)got.RemoteEndPoint).Port);
                }

                Interlocked.Increment(ref _requests);
                bytes[17] = 2;
                answer(_socket, bytes, got.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The end.
        }
    }
}
