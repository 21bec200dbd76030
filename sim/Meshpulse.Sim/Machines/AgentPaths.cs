using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Machines;

/// <summary>The STAMP paths of one agent: the real node with a model of its sockets, and a meter per peer that hands its windows to the recorder.</summary>
internal sealed class AgentPaths : IPathTransport, IPathObserver
{
    private const int Refused = 111;

    private static readonly Duration s_kernelDelay = Duration.FromMicroseconds(15);

    private readonly Machine _machine;
    private readonly VirtualClock _clock;
    private readonly SliceRecorder _recorder;
    private readonly PathNode _node;
    private readonly PathSettings _settings;
    private readonly Dictionary<int, int> _channelOfPort = [];
    private readonly Dictionary<int, int> _ports = [];
    private readonly Dictionary<int, PeerPath> _paths = [];
    private readonly Dictionary<int, int> _pathOfPeer = [];
    private readonly Queue<(Datagram Datagram, MonoTime Arrived)> _arrived = [];
    private readonly Queue<(ulong Cookie, WallTime Stamp)> _stamps = [];
    private readonly Queue<Action> _commands = [];
    private int _lastPath;

    public AgentPaths(Machine machine, SliceRecorder recorder, SplitMix64 random)
    {
        (_machine, _clock, _recorder) = (machine, machine.World.Clock, recorder);
        _settings = World.PathsOf(machine);
        _node = new PathNode(this, this, new SplitMix64(random.Next()), machine.Clock.Now.Mono);
    }

    /// <summary>As of the agent: half a hundred milliseconds at most, for commands.</summary>
    public MonoTime NextWake => _node.NextWake;

    public IEnumerable<(string Peer, PathMeter Meter)> Meters => _paths.Values.Select(p => (World.NameOf(p.Node), p.Meter));

    public void OnJoined(int peer, NodeEndpoint node)
    {
        OnLeft(peer);
        var path = ++_lastPath;
        _pathOfPeer[peer] = path;
        _paths.Add(path, new PeerPath(peer, node, new PathMeter(_settings, _machine.Clock.Now.Mono)));
        _commands.Enqueue(() => _node.Add(path, _settings, node, _machine.Clock.Now.Mono));
    }

    public void OnLeft(int peer)
    {
        if (_pathOfPeer.Remove(peer, out var path))
        {
            _paths.Remove(path);
            _recorder.OnPathGone(peer);
            _commands.Enqueue(() => _node.Remove(path));
        }
    }

    public bool TryTake(Datagram datagram)
    {
        if (!_channelOfPort.ContainsKey(datagram.TargetPort))
        {
            return false;
        }

        _arrived.Enqueue((datagram, _clock.Now));
        return true;
    }

    public void OnUnreachable(int port, NodeEndpoint target)
    {
        if (_channelOfPort.TryGetValue(port, out var channel))
        {
            _commands.Enqueue(() => _node.OnIcmpError(channel, target, Refused, isTooBig: false, _machine.Clock.Now.Mono));
        }
    }

    /// <summary>The paths' part of a turn of the probing thread.</summary>
    public void Turn(ClockPairing now)
    {
        _node.OnLook(now.Mono);
        while (_stamps.TryDequeue(out var stamp))
        {
            _node.OnSendStamp(stamp.Cookie, stamp.Stamp);
        }

        while (_arrived.TryDequeue(out var waiting))
        {
            Hand(waiting.Datagram, waiting.Arrived);
        }

        while (_commands.TryDequeue(out var command))
        {
            command();
        }

        while (_node.TrySendNext(now))
        {
        }

        while (_node.TryEndWindow(now.Mono))
        {
        }
    }

    ProbeSend IPathTransport.Open(int number, PathChannel channel, out int sourcePort)
    {
        sourcePort = _machine.NextPort();
        _channelOfPort[sourcePort] = number;
        _ports[number] = sourcePort;
        return ProbeSend.Sent;
    }

    uint IPathTransport.DropsOf(int channel) => 0;

    void IPathTransport.Close(int channel)
    {
        if (_ports.Remove(channel, out var port))
        {
            _channelOfPort.Remove(port);
        }
    }

    ProbeSend IPathTransport.Send(int channel, NodeEndpoint target, ReadOnlySpan<byte> payload, ulong? cookie)
    {
        if (cookie is { } known)
        {
            _stamps.Enqueue((known, _machine.Clock.WallAt(_clock.Now + s_kernelDelay)));
        }

        _machine.Send(target, _ports[channel], payload);
        return ProbeSend.Sent;
    }

    void IPathObserver.OnExchange(int path, in PathExchange exchange)
    {
        if (_paths.TryGetValue(path, out var known))
        {
            _ = known.Meter.Add(exchange);
        }
    }

    void IPathObserver.OnTotals(int path, in FlowTotals totals)
    {
        if (_paths.TryGetValue(path, out var known))
        {
            known.Meter.Add(totals);
        }
    }

    void IPathObserver.OnWindow(int path, in PathMoment moment)
    {
        if (_paths.TryGetValue(path, out var known))
        {
            var step = known.Meter.Steps != known.Steps ? known.Meter.LastStep : null;
            known.Steps = known.Meter.Steps;
            _recorder.OnPath(known.Peer, known.Meter.Cut(moment), moment, _settings, step);
        }
    }

    void IPathObserver.OnProven(int path, bool speaks, MonoTime now)
    {
        if (!speaks && _paths.TryGetValue(path, out var known))
        {
            _recorder.OnPathGone(known.Peer);
        }
    }

    void IPathObserver.OnSocketGap(int path, in SocketGap gap)
    {
    }

    void IPathObserver.OnSent(int path, in SendSlot slot)
    {
    }

    void IPathObserver.OnUnsent(int path, UnsentCause cause, long count, int error)
    {
    }

    void IPathObserver.OnDecided(int path, in PingDecision decision)
    {
    }

    void IPathObserver.OnIcmpError(int path, int error)
    {
    }

    void IPathObserver.OnStray(bool isMalformed, NodeEndpoint from)
    {
    }

    private void Hand(Datagram datagram, MonoTime arrived)
    {
        if (_channelOfPort.TryGetValue(datagram.TargetPort, out var channel))
        {
            var (mono, wall) = (_machine.Clock.MonoAt(arrived), _machine.Clock.WallAt(arrived));
            _node.OnDatagram(new PathArrival(channel, datagram.From.Self, wall, mono, true, datagram.HopLimit), datagram.Bytes);
        }
    }

    private sealed class PeerPath(int peer, NodeEndpoint node, PathMeter meter)
    {
        public int Peer => peer;

        public NodeEndpoint Node => node;

        public PathMeter Meter => meter;

        public long Steps { get; set; }
    }
}
