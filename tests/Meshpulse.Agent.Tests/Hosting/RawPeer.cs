using System.Net;
using System.Net.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>
/// A peer that says exactly what a test wants it to. It reads in the background unless told not to, and keeps the last
/// list that it was told.
/// </summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket;
    private readonly TaskCompletionSource<RawEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lock _sending = new();
    private long _heartbeats;
    private bool _wasReset;

    private RawPeer(Socket socket) => _socket = socket;

    /// <summary>Heartbeats that came.</summary>
    public long Heartbeats => Volatile.Read(ref _heartbeats);

    /// <summary>How the other side ended the connection; not finished while it stands.</summary>
    public Task<RawEnd> Ended => _ended.Task;

    /// <summary>Every node that the other side ever named.</summary>
    public IReadOnlySet<NodeEndpoint> Named { get; private set; } = new HashSet<NodeEndpoint>();

    public static async Task<RawPeer> CallAsync(NodeEndpoint target, IPAddress? source = null, bool reads = true, bool noDelay = true, int? receiveBuffer = null)
    {
        var family = target.IsV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = noDelay };
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        if (source is not null)
        {
            socket.Bind(new IPEndPoint(source, 0));
        }

        try
        {
            await socket.ConnectAsync(new IPEndPoint(target.ToIPAddress(), target.Port)).WaitAsync(Eventually.Hang);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // It was accepted and reset before we came to look whether it stands.
            var peer = new RawPeer(socket);
            peer._ended.SetResult(RawEnd.Reset);
            return peer;
        }

        return Over(socket, reads);
    }

    /// <summary>Speaks over a connection that was accepted or made elsewhere.</summary>
    public static RawPeer Over(Socket socket, bool reads = true)
    {
        var peer = new RawPeer(socket);
        if (reads)
        {
            _ = Task.Run(peer.ReadAsync);
        }

        return peer;
    }

    public void Hello(NodeEndpoint identity)
    {
        var frame = new byte[HeartbeatWire.MaxFrame];
        Send(frame.AsSpan(0, HeartbeatWire.WriteHello(frame, identity)));
    }

    /// <summary>Sends a heartbeat, stamped now where no stamp is given.</summary>
    public void Ping(long? stamp = null, params ReadOnlySpan<NodeEndpoint> list)
    {
        var frame = new byte[HeartbeatWire.MaxFrame];
        var length = HeartbeatWire.WritePing(frame, stamp ?? SystemClocks.Wall().Microseconds);
        foreach (var node in list)
        {
            length = HeartbeatWire.AppendEntry(frame, length, node);
        }

        Send(frame.AsSpan(0, length));
    }

    /// <summary>Sends; false where the other side has ended the connection, which is no error here.</summary>
    public bool Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            lock (_sending)
            {
                for (var sent = 0; sent < bytes.Length;)
                {
                    sent += SendSome(bytes[sent..]);
                }
            }

            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private int SendSome(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _socket.Send(bytes);
        }
        catch (SocketException e)
        {
            // The kernel tells of a reset once, to whoever asks first; the reader sees a mere end then.
            _wasReset |= e.SocketErrorCode == SocketError.ConnectionReset;
            throw;
        }
    }

    /// <summary>Sends a heartbeat now and then until the connection ends or the peer is disposed of.</summary>
    public void StartBeating(int milliseconds = 10, Func<(long? Stamp, NodeEndpoint[] List)>? content = null) => _ = Task.Run(async () =>
    {
        while (!_disposed.IsCancellationRequested && !_ended.Task.IsCompleted)
        {
            var (stamp, list) = content?.Invoke() ?? (null, []);
            Ping(stamp, list);
            await Task.Delay(milliseconds);
        }
    });

    public void ShutdownSend() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Closes with a reset, SO_LINGER of zero.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        Dispose();
    }

    public void Dispose()
    {
        _disposed.Cancel();
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var frames = new FrameAssembler();
        var buffer = new byte[65536];
        try
        {
            int read;
            while ((read = await _socket.ReceiveAsync(buffer)) > 0)
            {
                Take(frames, buffer.AsSpan(0, read));
            }

            // A sending that is under way may be the one that was told.
            lock (_sending)
            {
                _ended.TrySetResult(_wasReset ? RawEnd.Reset : RawEnd.Closed);
            }
        }
        catch (SocketException e)
        {
            _ended.TrySetResult(e.SocketErrorCode == SocketError.ConnectionReset ? RawEnd.Reset : RawEnd.Disposed);
        }
        catch (ObjectDisposedException)
        {
            _ended.TrySetResult(RawEnd.Disposed);
        }
    }

    private void Take(FrameAssembler frames, ReadOnlySpan<byte> data)
    {
        while (frames.TryNext(ref data, out var body, out _))
        {
            Interlocked.Increment(ref _heartbeats);
            if (HeartbeatWire.ReadPing(body, out var ping) == FrameError.None && !ping.HasNoList)
            {
                var named = new HashSet<NodeEndpoint>(Named);
                foreach (var node in ping)
                {
                    named.Add(node);
                }

                Named = named;
            }
        }
    }
}
