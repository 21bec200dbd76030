using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// The mesh's sockets: a listener, and an array of connections by number. It moves bytes and decides nothing. Sockets are
/// watched by one epoll, looked at once a turn; one read per turn and socket, so that a peer that sends without end gets its
/// turn like everybody else.
/// </summary>
internal sealed class SocketTransport : IMeshTransport, IDisposable
{
    private const int ListenerToken = -1;
    private const int AcceptsPerTurn = 128;
    private const int NotSentLowWater = 2048;

    private readonly MeshOptions _options;
    private readonly Action<int, string> _resolve;
    private readonly TcpOptions _tcp;
    private readonly TcpSocket _listener;
    private readonly Poller _poller = new(1024);
    private readonly PollEvent[] _events = new PollEvent[1024];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly List<(int Connection, DialFailure Failure)> _failedDials = [];
    private Connection?[] _connections = new Connection?[64];
    private ClockPairing _lastLook;

    public SocketTransport(MeshOptions options, Action<int, string> resolve)
    {
        _options = options;
        _resolve = resolve;
        _tcp = TcpOptions.Heartbeat(NotSentLowWater, options.SilenceLimit * 2, Duration.Zero);
        _listener = TcpSocket.Listen(options.Self, backlog: 1024, _tcp);
        _ = _poller.Add(_listener, ListenerToken, PollInterest.Read);
        _lastLook = SystemClocks.Pair();
    }

    public long KernelStamps { get; private set; }

    public long UserStamps { get; private set; }

    /// <summary>How long our send calls take.</summary>
    public SendCalls SendCalls { get; } = new();

    /// <summary>Takes in whatever has come since the last look.</summary>
    public void Look(MeshNode node, ClockPairing now)
    {
        var looked = now;
        foreach (var (connection, failure) in _failedDials)
        {
            node.OnDialFailed(connection, failure, now);
        }

        _failedDials.Clear();
        var count = _poller.Wait(_events, Duration.Zero).Count;
        for (var i = 0; i < count; i++)
        {
            ref readonly var happened = ref _events[i];
            if (happened.Token == ListenerToken)
            {
                Accept(node);
            }
            else if (_connections[happened.Token] is { } connection)
            {
                Serve(node, happened.Token, connection);
            }
        }

        _lastLook = looked;
    }

    public void Dial(int connection, NodeEndpoint remote)
    {
        var socket = TcpSocket.Connect(LocalAddressFor(remote), remote, _tcp, out var error);
        if (socket is null)
        {
            _failedDials.Add((connection, FailureOf(error)));
            return;
        }

        Put(connection, new Connection(socket) { IsDialing = true });
        _ = _poller.Add(socket, connection, PollInterest.Write);
    }

    public SendOutcome Send(int connection, ReadOnlySpan<byte> frame)
    {
        if (_connections[connection] is not { } target)
        {
            return SendOutcome.Broken;
        }

        var outcome = target.FlushTail();
        if (outcome != SendOutcome.Sent)
        {
            return outcome;
        }

        var began = SendCalls.Begin();
        var sent = target.Socket.Send(frame);
        SendCalls.End(began);
        if (sent.Ok)
        {
            if (sent.Count < frame.Length)
            {
                target.KeepTail(frame[sent.Count..]);
            }

            return SendOutcome.Sent;
        }

        return sent.WouldBlock ? SendOutcome.Backpressure : SendOutcome.Broken;
    }

    public void Close(int connection, bool abort)
    {
        if (connection >= _connections.Length || _connections[connection] is not { } target)
        {
            return;
        }

        _connections[connection] = null;
        if (abort || target.IsDialing)
        {
            target.Socket.Abort();
        }
        else
        {
            target.Socket.ShutdownAndClose();
        }
    }

    public void Resolve(int server, string host) => _resolve(server, host);

    public bool TryGetInfo(int connection, out TransportInfo info)
    {
        info = default;
        if (_connections[connection] is not { } target || !target.Socket.TryGetTcpInfo(out var tcp))
        {
            return false;
        }

        info = new TransportInfo(
            tcp.Rtt, tcp.RttVariance, tcp.RetransmissionTimeout, tcp.UnacknowledgedSegments, tcp.Backoffs, tcp.TotalRetransmissions);
        return true;
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection?.Socket.Dispose();
        }

        _listener.Dispose();
        _poller.Dispose();
    }

    private void Accept(MeshNode node)
    {
        for (var i = 0; i < AcceptsPerTurn; i++)
        {
            var socket = _listener.Accept(out var remote, out var error);
            if (socket is null)
            {
                if (error == Errno.ECONNABORTED)
                {
                    continue;
                }

                return;
            }

            var id = node.OnAccepted(remote, socket.LocalEndpoint, SystemClocks.Pair());
            if (id < 0)
            {
                socket.Abort();
                continue;
            }

            Put(id, new Connection(socket));
            _ = _poller.Add(socket, id, PollInterest.Read);
        }
    }

    private void Serve(MeshNode node, int id, Connection connection)
    {
        if (connection.IsDialing)
        {
            FinishDial(node, id, connection);
            return;
        }

        var read = connection.Socket.Receive(_buffer, out var stamp, out var hasStamp);
        var now = SystemClocks.Pair();
        if (read is { Ok: true, Count: > 0 })
        {
            node.OnReceived(id, _buffer.AsSpan(0, read.Count), MomentOf(stamp, hasStamp, now), now);
        }
        else if (!read.WouldBlock)
        {
            node.OnClosed(id, read.Ok ? CloseReason.EndOfStream : CloseOf(read.Error), now);
        }
    }

    private ReadMoment MomentOf(WallTime stamp, bool hasStamp, ClockPairing now)
    {
        if (hasStamp && now.TryPlace(stamp, _lastLook, out var arrived))
        {
            KernelStamps++;
            return new ReadMoment(_lastLook.Mono, arrived, stamp, StampSource.Kernel);
        }

        UserStamps++;
        return new ReadMoment(_lastLook.Mono, now.Mono, hasStamp ? stamp : now.Wall, StampSource.User);
    }

    private void FinishDial(MeshNode node, int id, Connection connection)
    {
        var error = connection.Socket.FinishConnect();
        if (error == Errno.EINPROGRESS)
        {
            return;
        }

        var now = SystemClocks.Pair();
        if (error != Errno.None)
        {
            node.OnDialFailed(id, FailureOf(error), now);
            return;
        }

        connection.IsDialing = false;
        _ = _poller.Modify(connection.Socket, id, PollInterest.Read);
        node.OnConnected(id, connection.Socket.LocalEndpoint, now);
    }

    private void Put(int id, Connection connection)
    {
        if (id >= _connections.Length)
        {
            Array.Resize(ref _connections, Math.Max(id + 1, _connections.Length * 2));
        }

        _connections[id] = connection;
    }

    /// <summary>
    /// Calls come from our own identity's address, so that the other side can see that we are who we say; except where that
    /// address cannot reach the other one.
    /// </summary>
    private NodeEndpoint? LocalAddressFor(NodeEndpoint remote) =>
        remote.IsV6 == _options.Self.IsV6 && remote.IsLoopback == _options.Self.IsLoopback ? _options.Self.WithPort(0) : null;

    private static DialFailure FailureOf(Errno error) => error switch
    {
        Errno.ECONNREFUSED or Errno.ECONNRESET => DialFailure.Refused,
        Errno.ETIMEDOUT => DialFailure.TimedOut,
        Errno.EHOSTUNREACH or Errno.ENETUNREACH => DialFailure.Unreachable,
        Errno.EADDRNOTAVAIL or Errno.EADDRINUSE or Errno.EMFILE or Errno.ENFILE or Errno.ENOBUFS or Errno.ENOMEM => DialFailure.LocalResource,
        _ => DialFailure.Other,
    };

    private static CloseReason CloseOf(Errno error) => error switch
    {
        Errno.ECONNRESET => CloseReason.Reset,
        Errno.ETIMEDOUT => CloseReason.TimedOut,
        _ => CloseReason.Broken,
    };

    /// <summary>A socket, and the rest of a frame that the kernel took only a part of.</summary>
    private sealed class Connection(TcpSocket socket)
    {
        private byte[]? _tail;
        private int _tailStart;
        private int _tailEnd;

        public TcpSocket Socket { get; } = socket;

        public bool IsDialing { get; set; }

        public void KeepTail(ReadOnlySpan<byte> rest)
        {
            _tail ??= new byte[HeartbeatWire.MaxFrame];
            rest.CopyTo(_tail);
            (_tailStart, _tailEnd) = (0, rest.Length);
        }

        /// <summary>A frame that was begun must end before the next one starts.</summary>
        public SendOutcome FlushTail()
        {
            if (_tailStart == _tailEnd)
            {
                return SendOutcome.Sent;
            }

            var sent = Socket.Send(_tail.AsSpan(_tailStart, _tailEnd - _tailStart));
            if (!sent.Ok)
            {
                return sent.WouldBlock ? SendOutcome.Backpressure : SendOutcome.Broken;
            }

            _tailStart += sent.Count;
            return _tailStart == _tailEnd ? SendOutcome.Sent : SendOutcome.Backpressure;
        }
    }
}
