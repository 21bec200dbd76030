using System.Buffers.Binary;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Hosts;

/// <summary>
/// A model of the original meshmonitor, written from what was seen of it: it calls whatever it learns at once, keeps its own
/// call when calls cross, lists all its peers in every heartbeat, and calls servers of its command line again every report
/// interval. With <see cref="ClosesDuplicates"/> off it keeps every connection, which was seen too.
/// </summary>
public sealed class OriginalHost : ISimHost
{
    private readonly SimNetwork _network;
    private readonly Duration _interval;
    private readonly Duration _report;
    private readonly NodeEndpoint[] _servers;
    private readonly SplitMix64 _random;
    private readonly Dictionary<NodeEndpoint, SimSocket?> _peers = [];
    private readonly Dictionary<SimSocket, (FrameAssembler Frames, NodeEndpoint? Peer)> _sockets = [];
    private readonly Dictionary<int, NodeEndpoint> _calls = [];
    private int _nextCall;
    private bool _dead;

    /// <summary>Starts one.</summary>
    public OriginalHost(SimNetwork network, NodeEndpoint self, Duration interval, Duration report, ulong seed, params NodeEndpoint[] servers)
    {
        ArgumentNullException.ThrowIfNull(network);
        (_network, Self, _interval, _report, _servers) = (network, self, interval, report, servers);
        _random = new SplitMix64(seed);
        network.Listen(self, this);
        network.Clock.After(Duration.Zero, CallServers);
        network.Clock.After(interval, Beat);
    }

    /// <summary>Its identity.</summary>
    public NodeEndpoint Self { get; }

    /// <summary>Whether it closes a second connection to a node that it is connected to.</summary>
    public bool ClosesDuplicates { get; init; } = true;

    /// <summary>The nodes that it is connected to.</summary>
    public HashSet<NodeEndpoint> Peers => [.. _peers.Where(p => p.Value is not null).Select(p => p.Key)];

    /// <summary>How often it called anybody.</summary>
    public int Calls { get; private set; }

    /// <summary>Connections that stand, to whomever.</summary>
    public int OpenConnections => _sockets.Keys.Count(s => !s.IsClosed);

    /// <summary>The process dies.</summary>
    public void Kill()
    {
        _dead = true;
        _network.StopListening(Self);
        foreach (var socket in _sockets.Keys)
        {
            socket.Close();
        }
    }

    void ISimHost.Accepted(SimSocket socket) => _sockets[socket] = (new FrameAssembler(), null);

    void ISimHost.Connected(int connection, SimSocket socket)
    {
        var peer = _calls[connection];
        _calls.Remove(connection);
        Span<byte> frame = stackalloc byte[HeartbeatWire.MaxFrame];
        socket.Send(frame[..HeartbeatWire.WriteHello(frame, Self)]);
        _sockets[socket] = (new FrameAssembler(), peer);
        _peers[peer] = socket;
    }

    void ISimHost.DialFailed(int connection, DialFailure failure)
    {
        _peers.Remove(_calls[connection]);
        _calls.Remove(connection);
    }

    void ISimHost.Readable(SimSocket socket)
    {
        if (_dead || socket.IsClosed || !_sockets.TryGetValue(socket, out var state))
        {
            return;
        }

        ReadOnlySpan<byte> data = socket.Read();
        while (!socket.IsClosed && state.Frames.TryNext(ref data, out var body, out _))
        {
            OnFrame(socket, ref state, body);
        }

        if (socket.IsAtEnd)
        {
            Forget(socket);
        }
    }

    private void OnFrame(SimSocket socket, ref (FrameAssembler Frames, NodeEndpoint? Peer) state, ReadOnlySpan<byte> body)
    {
        if (state.Peer is null)
        {
            _ = HeartbeatWire.ReadHello(body, out var identity);
            if (_peers.ContainsKey(identity) && ClosesDuplicates)
            {
                socket.Close();
                _sockets.Remove(socket);
                return;
            }

            state.Peer = identity;
            _sockets[socket] = state;
            if (_peers.GetValueOrDefault(identity) is null)
            {
                _peers[identity] = socket;
            }

            return;
        }

        if (HeartbeatWire.ReadPing(body, out var ping) == FrameError.None)
        {
            foreach (var node in ping)
            {
                Call(node);
            }
        }
    }

    private void Call(NodeEndpoint node)
    {
        if (node == Self || _peers.ContainsKey(node))
        {
            return;
        }

        Calls++;
        _peers[node] = null;
        _calls[++_nextCall] = node;
        var call = _nextCall;
        _network.Dial(this, call, _network.EphemeralPort(Self), node);
        // The kernel gives a call up after a while that nobody answers.
        _network.Clock.After(Duration.FromSeconds(130), () =>
        {
            if (_calls.ContainsKey(call))
            {
                ((ISimHost)this).DialFailed(call, DialFailure.TimedOut);
            }
        });
    }

    private void CallServers()
    {
        if (_dead)
        {
            return;
        }

        foreach (var server in _servers)
        {
            Call(server);
        }

        _network.Clock.After(_report, CallServers);
    }

    private void Beat()
    {
        if (_dead)
        {
            return;
        }

        var frame = new byte[HeartbeatWire.MaxFrame];
        var stamp = (_network.Clock.Now.Nanoseconds / 1_000) + 1_700_000_000_000_000;
        var length = HeartbeatWire.WritePing(frame, stamp);
        foreach (var (node, socket) in _peers)
        {
            length = socket is null ? length : HeartbeatWire.AppendEntry(frame, length, node);
        }

        foreach (var (socket, state) in _sockets.ToArray())
        {
            if (state.Peer is not null)
            {
                socket.Send(frame.AsSpan(0, length));
            }
        }

        // Its period is the interval plus its work.
        _network.Clock.After(_interval + Duration.FromMicroseconds(50 + _random.Below(100)), Beat);
    }

    private void Forget(SimSocket socket)
    {
        socket.Close();
        if (_sockets.Remove(socket, out var state) && state.Peer is { } peer && _peers.GetValueOrDefault(peer) == socket)
        {
            _peers.Remove(peer);
        }
    }
}
