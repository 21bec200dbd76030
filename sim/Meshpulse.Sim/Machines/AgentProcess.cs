using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Machines;

/// <summary>
/// The agent on a machine: the real mesh node, the real paths with their meters, the real reflector, recorder and diagnostician, run as the agent's threads run
/// them. The probing thread wakes when they want, reads what has come, sends; the reflector answers what comes; the collector cuts a slice each 250 ms, asks the peers for
/// theirs, and judges. None of them runs while its machine holds it up.
/// </summary>
public sealed class AgentProcess : IMeshTransport
{
    /// <summary>How many slices are kept for those who ask.</summary>
    private const int MaxKept = 40;

    private static readonly Duration s_afterWindows = Duration.FromMilliseconds(12);
    private static readonly Duration s_sessionsInUse = Duration.FromSeconds(3);
    private static readonly Duration s_readDelay = Duration.FromMicroseconds(15);

    private readonly Machine _machine;
    private readonly VirtualClock _clock;
    private readonly Dictionary<int, TcpSeat> _seats = [];
    private readonly Queue<int> _readable = [];
    private readonly Queue<Action<ClockPairing>> _ready = [];
    private readonly HashSet<int> _dialing = [];
    private readonly MeshNode _node;
    private readonly AgentPaths _paths;
    private readonly StampResponder _responder;
    private readonly byte[] _reply = new byte[2_048];
    private readonly Queue<(Datagram Request, MonoTime Arrived)> _requests = [];
    private readonly List<NodeSlice> _kept = [];
    private readonly List<(NodeEndpoint Source, uint Received)> _sessions = [];
    private readonly SplitMix64 _random;
    private MonoTime _lastLook;
    private MonoTime _due;
    private bool _isServing;

    internal AgentProcess(Machine machine, SplitMix64 random, int run)
    {
        (_machine, _clock, _random) = (machine, machine.World.Clock, random);
        var now = machine.Clock.Now;
        Diagnostician = new Diagnostician(machine.Name);
        Recorder = new SliceRecorder(machine.Name, (ulong)run + (random.Next() << 8), World.NameOf, now) { Datacenter = machine.Datacenter, NoticeOf = Diagnostician.NoticeOf };
        _paths = new AgentPaths(machine, Recorder, random);
        _node = new MeshNode(World.OptionsOf(machine), this, new AgentObserver(Recorder, _paths), new SplitMix64(random.Next()), now);
        _responder = new StampResponder(new StampResponderOptions { Sessions = 1_024 }, random.Next());
        _lastLook = now.Mono;
    }

    /// <summary>What makes its slices.</summary>
    public SliceRecorder Recorder { get; }

    /// <summary>What judges.</summary>
    public Diagnostician Diagnostician { get; }

    /// <summary>The mesh node.</summary>
    public MeshNode Node => _node;

    /// <summary>The last slices, the newest last.</summary>
    public IReadOnlyList<NodeSlice> Slices => _kept;

    /// <summary>Its paths' meters by their peers' names; for tests.</summary>
    public IEnumerable<(string Peer, PathMeter Meter)> Meters => _paths.Meters;

    /// <summary>The process is there.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>How often it asked a peer for slices and got them, and how often it did not.</summary>
    public (long Answered, long Failed) Exchanges => Exchange?.Counts ?? default;

    internal SliceExchange? Exchange { get; private set; }

    internal void Begin()
    {
        foreach (var other in _machine.World.Machines)
        {
            if (other != _machine)
            {
                _node.AddServer(null, other.Self);
            }
        }

        Exchange = new SliceExchange(_machine, this);
        Sleep();
        NextCut();
    }

    internal void End(bool closes)
    {
        IsAlive = false;
        if (closes)
        {
            foreach (var seat in _seats.Values)
            {
                seat.End.Close(_clock, seat.Other, abort: false);
            }
        }
    }

    /// <summary>The operator stops it: that is said in a last slice, then connections are closed, then it ends.</summary>
    internal void Leave()
    {
        Recorder.IsLeaving = true;
        _clock.After(Duration.FromMilliseconds(600), () =>
        {
            if (IsAlive)
            {
                _node.Leave(_machine.Clock.Now);
                _machine.Kill();
            }
        });
    }

    internal bool IsDialing(int connection) => _dialing.Contains(connection);

    internal void OnAccepted(TcpSeat seat) => _ready.Enqueue(now =>
    {
        var id = _node.OnAccepted(seat.Remote, seat.Local, now);
        if (id < 0)
        {
            seat.End.Close(_clock, seat.Other, abort: true);
            return;
        }

        Seat(id, seat);
    });

    internal void OnConnected(int connection, TcpSeat seat) => _ready.Enqueue(now =>
    {
        if (!_dialing.Remove(connection))
        {
            seat.End.Close(_clock, seat.Other, abort: true);
            return;
        }

        Seat(connection, seat);
        _node.OnConnected(connection, seat.Local, now);
    });

    internal void OnDialFailed(int connection, DialFailure failure) => _ready.Enqueue(now =>
    {
        if (_dialing.Remove(connection))
        {
            _node.OnDialFailed(connection, failure, now);
        }
    });

    internal void OnUnreachable(int port, NodeEndpoint target) => _paths.OnUnreachable(port, target);

    /// <summary>A datagram came: a request to the reflector, or a reply to a path. False where nobody has that port.</summary>
    internal bool TryTake(Datagram datagram)
    {
        if (datagram.TargetPort != _machine.Self.Port)
        {
            return _paths.TryTake(datagram);
        }

        _requests.Enqueue((datagram, _clock.Now));
        Serve();
        return true;
    }

    void IMeshTransport.Dial(int connection, NodeEndpoint remote)
    {
        _dialing.Add(connection);
        _machine.Dial(this, connection, remote);
    }

    SendOutcome IMeshTransport.Send(int connection, ReadOnlySpan<byte> frame)
    {
        if (!_seats.TryGetValue(connection, out var seat) || seat.End.IsReset)
        {
            return SendOutcome.Broken;
        }

        return seat.End.TrySend(frame) ? SendOutcome.Sent : SendOutcome.Backpressure;
    }

    void IMeshTransport.Close(int connection, bool abort)
    {
        _dialing.Remove(connection);
        if (_seats.Remove(connection, out var seat))
        {
            seat.End.Close(_clock, seat.Other, abort);
        }
    }

    void IMeshTransport.Resolve(int server, string host) => _ready.Enqueue(now => _node.OnResolved(server, [], now));

    bool IMeshTransport.TryGetInfo(int connection, out TransportInfo info)
    {
        info = _seats.TryGetValue(connection, out var seat) ? seat.End.InfoOf() : default;
        return seat is not null;
    }

    private void Seat(int id, TcpSeat seat)
    {
        _seats[id] = seat;
        seat.End.Readable = () => _readable.Enqueue(id);
        _readable.Enqueue(id);
    }

    private void Sleep()
    {
        _due = MonoTime.Min(_node.NextWake, _paths.NextWake);
        _clock.At(_machine.Clock.MomentOf(_due) + _machine.Health.NextLateness(), Wake);
    }

    private void Wake()
    {
        if (!IsAlive)
        {
            return;
        }

        if (_clock.Now < _machine.Health.ProbingStalledUntil)
        {
            _clock.At(_machine.Health.ProbingStalledUntil, Wake);
            return;
        }

        var now = _machine.Clock.Now;
        _node.OnWoke(_due, now);
        while (_ready.TryDequeue(out var happened))
        {
            happened(now);
        }

        while (_readable.TryDequeue(out var id))
        {
            Read(id, now);
        }

        _lastLook = now.Mono;
        _node.Poll(now);
        while (_node.TrySendNext(now))
        {
        }

        _paths.Turn(now);
        Sleep();
    }

    private void Read(int id, ClockPairing now)
    {
        if (!_seats.TryGetValue(id, out var seat))
        {
            return;
        }

        if (seat.End.IsReset)
        {
            _node.OnClosed(id, CloseReason.Reset, now);
            return;
        }

        var bytes = seat.End.Read();
        if (bytes.Length > 0)
        {
            var arrived = _machine.Clock.At(seat.End.LastArrival);
            _node.OnReceived(id, bytes, new ReadMoment(_lastLook, arrived.Mono, arrived.Wall, StampSource.Kernel), now);
        }

        if (seat.End.IsAtEnd && _seats.TryGetValue(id, out var still) && still == seat)
        {
            _node.OnClosed(id, CloseReason.EndOfStream, now);
        }
    }

    /// <summary>The reflector's own thread.</summary>
    private void Serve()
    {
        if (_isServing || !IsAlive)
        {
            return;
        }

        if (_clock.Now < _machine.Health.OthersStalledUntil)
        {
            _isServing = true;
            _clock.At(_machine.Health.OthersStalledUntil, () =>
            {
                _isServing = false;
                Serve();
            });
            return;
        }

        while (_requests.TryDequeue(out var waiting))
        {
            Reflect(waiting.Request, waiting.Arrived);
        }
    }

    private void Reflect(Datagram request, MonoTime arrived)
    {
        var source = request.From.Self.WithPort(request.SourcePort);
        var arrival = new StampArrival(_machine.Clock.Now.Mono, _machine.Clock.WallAt(arrived), source, _machine.Self) { Ttl = request.HopLimit };
        if (_responder.Decide(arrival, request.Bytes, _reply, out var reply) != StampDecision.Answer)
        {
            return;
        }

        // The thread reads the clock and the kernel stamps a moment later: that is what Follow-Up Telemetry tells.
        _responder.Seal(reply, _machine.Clock.WallAt(_clock.Now - s_readDelay), _reply);
        _responder.OnTransmitted(reply.Token, _machine.Clock.Now.Wall);
        _machine.Send(source, _machine.Self.Port, _reply.AsSpan(0, reply.Length));
    }

    /// <summary>Windows end at whole multiples of 250 ms of the monotonic clock; slices a little later, so that they hold them.</summary>
    private void NextCut()
    {
        var step = PathSettings.WindowStep;
        var next = new MonoTime(((_machine.Clock.Now.Mono.Nanoseconds / step.Nanoseconds) + 1) * step.Nanoseconds) + s_afterWindows;
        _clock.At(_machine.Clock.MomentOf(next) + Duration.FromMicroseconds(_random.Below(2_000)), Collect);
    }

    /// <summary>The collector's turn.</summary>
    private void Collect()
    {
        if (!IsAlive)
        {
            return;
        }

        if (_clock.Now < _machine.Health.OthersStalledUntil)
        {
            _clock.At(_machine.Health.OthersStalledUntil, Collect);
            return;
        }

        var now = _machine.Clock.Now;
        Recorder.OnHost(_machine.Health.Cut());
        _sessions.Clear();
        _responder.VisitSessions(now.Mono - s_sessionsInUse, (source, received) => _sessions.Add((source, received)));
        Recorder.OnRequests(_sessions);
        var slice = Recorder.Cut(now);
        _kept.Add(slice);
        if (_kept.Count > MaxKept)
        {
            _kept.RemoveAt(0);
        }

        Diagnostician.Take(slice, now.Mono);
        Exchange!.OnCut();
        Exchange.AskAll();
        Judge();
        // Once more in between: what the peers have answered meanwhile does not wait for the next slice.
        _clock.After(PathSettings.WindowStep / 2, Judge);
        NextCut();
    }

    private void Judge()
    {
        if (IsAlive && _clock.Now >= _machine.Health.OthersStalledUntil)
        {
            _machine.World.Judged(_machine, Diagnostician.Judge(_machine.Clock.Now));
        }
    }
}
