using System.Net;
using System.Net.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>
/// The original meshmonitor on real sockets, written from what was seen of it: it calls whatever it learns at once, keeps its
/// own call when calls cross and closes the other's (or, <paramref name="closesDuplicates"/> off, closes none), puts its whole
/// list into every heartbeat, calls the servers of its command line again every report interval, and leaves Nagle's algorithm on.
/// </summary>
internal sealed class OriginalNode(NodeEndpoint self, bool closesDuplicates, int interval, int report, params NodeEndpoint[] servers) : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeEndpoint, Socket?> _peers = [];
    private readonly Dictionary<Socket, NodeEndpoint> _standing = [];
    private int _reports;

    public NodeEndpoint Self { get; } = self;

    /// <summary>Off for what the original is not: to see what Nagle's algorithm changes.</summary>
    public bool NoDelay { get; init; }

    /// <summary>How often it has called whomever it misses.</summary>
    public int Reports => Volatile.Read(ref _reports);

    public HashSet<NodeEndpoint> Peers
    {
        get
        {
            lock (_lock)
            {
                return [.. _standing.Values];
            }
        }
    }

    public void Start()
    {
        _listener.Bind(new IPEndPoint(Self.ToIPAddress(), Self.Port));
        _listener.Listen();
        _ = Task.Run(AcceptAsync);
        _ = RepeatAsync(report, () =>
        {
            Array.ForEach(servers, Call);
            Interlocked.Increment(ref _reports);
        });
        _ = RepeatAsync(interval, Beat);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        lock (_lock)
        {
            foreach (var socket in _standing.Keys)
            {
                socket.Dispose();
            }
        }
    }

    public override string ToString() => $"{Self} (original): {string.Join(' ', Peers)}";

    private async Task RepeatAsync(int milliseconds, Action act)
    {
        while (!_stop.IsCancellationRequested)
        {
            act();
            await Task.Delay(milliseconds);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                _ = Task.Run(() => ReadAsync(socket, peer: null));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It was stopped.
        }
    }

    private void Call(NodeEndpoint node)
    {
        lock (_lock)
        {
            if (node == Self || !_peers.TryAdd(node, null))
            {
                return;
            }
        }

        _ = Task.Run(() => CallAsync(node));
    }

    private async Task CallAsync(NodeEndpoint node)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = NoDelay };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(node.ToIPAddress(), node.Port), _stop.Token);
            var frame = new byte[HeartbeatWire.MaxFrame];
            await socket.SendAsync(frame.AsMemory(0, HeartbeatWire.WriteHello(frame, Self)));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            lock (_lock)
            {
                _peers.Remove(node);
            }

            return;
        }

        await ReadAsync(socket, node);
    }

    private async Task ReadAsync(Socket socket, NodeEndpoint? peer)
    {
        using var owned = socket;
        if (peer is { } called)
        {
            Stand(socket, called);
        }

        var frames = new FrameAssembler();
        var buffer = new byte[16384];
        try
        {
            int read;
            var goesOn = true;
            while (goesOn && (read = await socket.ReceiveAsync(buffer)) > 0)
            {
                goesOn = Take(socket, frames, buffer.AsSpan(0, read), ref peer);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Lost: forgotten below.
        }

        lock (_lock)
        {
            if (_standing.Remove(socket, out var node) && _peers.GetValueOrDefault(node) == socket)
            {
                _peers.Remove(node);
            }
        }
    }

    private bool Take(Socket socket, FrameAssembler frames, ReadOnlySpan<byte> data, ref NodeEndpoint? peer)
    {
        while (frames.TryNext(ref data, out var body, out _))
        {
            if (peer is null)
            {
                _ = HeartbeatWire.ReadHello(body, out var identity);
                peer = identity;
                if (!Stand(socket, identity))
                {
                    return false;
                }
            }
            else if (HeartbeatWire.ReadPing(body, out var ping) == FrameError.None)
            {
                foreach (var node in ping)
                {
                    Call(node);
                }
            }
        }

        return true;
    }

    /// <summary>A connection stands: false where it is an accepted duplicate, which the original closes.</summary>
    private bool Stand(Socket socket, NodeEndpoint node)
    {
        lock (_lock)
        {
            var isCall = _peers.TryGetValue(node, out var other) && other is null && ((IPEndPoint)socket.RemoteEndPoint!).Port == node.Port;
            if (!isCall && _peers.ContainsKey(node) && closesDuplicates)
            {
                return false;
            }

            if (isCall || !_peers.ContainsKey(node))
            {
                _peers[node] = socket;
            }

            _standing[socket] = node;
            return true;
        }
    }

    private void Beat()
    {
        var frame = new byte[HeartbeatWire.MaxFrame];
        var length = HeartbeatWire.WritePing(frame, SystemClocks.Wall().Microseconds);
        lock (_lock)
        {
            foreach (var (node, socket) in _peers)
            {
                length = socket is null ? length : HeartbeatWire.AppendEntry(frame, length, node);
            }

            foreach (var socket in _standing.Keys)
            {
                Send(socket, frame.AsSpan(0, length));
            }
        }
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> frame)
    {
        try
        {
            _ = socket.Send(frame);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Its reader notices.
        }
    }
}
