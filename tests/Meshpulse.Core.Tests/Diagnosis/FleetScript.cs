using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Diagnosis;

/// <summary>
/// A fleet that is well unless a test says otherwise, slice by slice: every node sees all others, each clock begins elsewhere, and one of them judges.
/// </summary>
internal sealed class FleetScript
{
    public const int Flows = 8;

    private static readonly Duration s_slice = Duration.FromMilliseconds(250);

    private readonly string[] _names;
    private readonly Diagnostician _judge;
    private readonly Dictionary<string, long> _numbers = [];

    public FleetScript(params string[] names)
    {
        _names = names;
        _judge = new Diagnostician(names[0]);
    }

    /// <summary>What a heartbeat connection shows where the other's kernel acknowledges, though nobody reads.</summary>
    public static TransportInfo Acknowledging { get; } = new(default, default, default, 1, 0, 0);

    /// <summary>The same where nothing is acknowledged.</summary>
    public static TransportInfo Unacknowledged { get; } = new(default, default, default, 40, 2, 2);

    /// <summary>Nodes n1, n2 and so on; n1 judges.</summary>
    public static FleetScript Of(int nodes = 5) => new([.. Enumerable.Range(1, nodes).Select(i => $"n{i}")]);

    /// <summary>The datacenter of a node.</summary>
    public Func<string, string?> Datacenter { get; set; } = _ => null;

    /// <summary>What a node tells, before it is told; null for nothing.</summary>
    public Func<NodeSlice, NodeSlice?> Node { get; set; } = s => s;

    /// <summary>What a node (the first) sees of another (the second).</summary>
    public Func<string, string, PeerSlice, PeerSlice> Peer { get; set; } = (_, _, p) => p;

    public MonoTime Now { get; private set; } = new(50_000_000_000);

    public List<VerdictChange> Changes { get; } = [];

    public IReadOnlyList<Verdict> Verdicts => _judge.Verdicts;

    /// <summary>Those in force, each as <c>what where</c>.</summary>
    public IReadOnlyList<string> InForce => [.. Verdicts.Where(v => v.Until is null).Select(Name)];

    /// <summary>All that was ever said, each as <c>what where</c>, in order, once.</summary>
    public IReadOnlyList<string> Said => [.. Changes.Select(c => Name(c.Verdict)).Distinct()];

    public static string Name(Verdict verdict) => $"{VerdictKinds.IdOf(verdict.What)} {verdict.Where}";

    /// <summary>Lets slices pass; a judgement follows each.</summary>
    public FleetScript Pass(int slices)
    {
        for (var i = 0; i < slices; i++)
        {
            var from = Now;
            Now += s_slice;
            foreach (var name in _names)
            {
                if (Node(Slice(name, from)) is { } slice)
                {
                    _judge.Take(slice, Now + Duration.FromMilliseconds(name == _names[0] ? 0 : 3));
                }
            }

            Judge(5);
        }

        return this;
    }

    /// <summary>Lets milliseconds pass, in which no slice comes; a judgement follows.</summary>
    public FleetScript Judge(long milliseconds)
    {
        Now += Duration.FromMilliseconds(milliseconds);
        Changes.AddRange(_judge.Judge(new ClockPairing(Now, new WallTime(1_700_000_000_000_000_000 + Now.Nanoseconds))));
        return this;
    }

    /// <summary>Tells a slice that could not be told before.</summary>
    public void Tell(NodeSlice slice) => _judge.Take(slice, Now);

    /// <summary>From now on a node tells nothing, and is not heard.</summary>
    public void Silence(string name, TransportInfo transport)
    {
        var since = Now;
        Node = s => s.Node == name ? null : s;
        Peer = (from, to, peer) => to == name ? Mute(peer, Now - since, transport, On(from, since)) : peer;
    }

    /// <summary>The same, and its kernel ends its connections.</summary>
    public void End(string name)
    {
        var since = Now;
        Node = s => s.Node == name ? null : s;
        Peer = (_, to, peer) => to != name ? peer : Mute(peer, Now - since) with { IsConnected = false, Ended = CloseReason.EndOfStream };
    }

    /// <summary>A slice whose node stood still in it.</summary>
    public static NodeSlice Stalled(NodeSlice slice, MonoTime from, long milliseconds, Func<HostWindow, HostWindow> vitals) => slice with
    {
        WakeLateness = Duration.FromMilliseconds(milliseconds),
        Host = vitals(slice.Host! with { Stalls = [new HostStall(from, Duration.FromMilliseconds(milliseconds), Duration.Zero)] }),
    };

    /// <summary>Flows of which those of some ports get no answer.</summary>
    public static IReadOnlyList<FlowSlice> Dead(IEnumerable<FlowSlice> flows, params int[] ports) =>
        [.. flows.Select(f => ports.Contains(f.SourcePort) ? f with { Answered = 0 } : f)];

    /// <summary>A path whose last flow is one of large packets.</summary>
    public static PathSlice WithLarge(PathSlice path) => path with { Flows = [.. path.Flows.Select(f => f with { IsLarge = f.SourcePort == 40_007 })] };

    /// <summary>A moment as a node's own clock has it.</summary>
    public static MonoTime On(string name, MonoTime moment) => moment + ClockOf(name);

    /// <summary>A path of which so many of a slice's ten probes were lost, each way.</summary>
    public static PathSlice Losing(PathSlice path, long forward, long backward) => path with
    {
        Counts = path.Counts with { Answered = path.Counts.Answered - forward - backward, LostForward = forward, LostBackward = backward },
    };

    /// <summary>Nothing came: for so long by now, on the heartbeats and the path.</summary>
    public static PeerSlice Mute(PeerSlice peer, Duration silence, TransportInfo? transport = null, MonoTime? since = null) => peer with
    {
        Received = 0,
        Silence = silence,
        Gaps = transport is null ? [] : [new GapSlice(since ?? default, silence, Duration.Zero, false, transport)],
        Requests = peer.Requests is null ? null : [],
        Path = peer.Path is not { } path ? null : path with
        {
            Silence = silence,
            Counts = path.Counts with { Answered = 0 },
            Forward = null,
            Backward = null,
            RoundTrip = null,
            Flows = [.. path.Flows.Select(f => f with { Answered = 0 })],
        },
    };

    private static Duration ClockOf(string name) => Duration.FromSeconds(1_000 * (name[^1] - '1'));

    private NodeSlice Slice(string name, MonoTime from)
    {
        _numbers[name] = _numbers.GetValueOrDefault(name) + 1;
        var (begin, end) = (On(name, from), On(name, Now));
        return new NodeSlice(name, 7, _numbers[name])
        {
            Datacenter = Datacenter(name),
            From = begin,
            At = new ClockPairing(end, new WallTime(1_700_000_000_000_000_000 + Now.Nanoseconds)),
            WakeLateness = Duration.FromMicroseconds(100),
            Host = new HostWindow(begin, end) { IsClockSynchronised = true },
            Peers = [.. _names.Where(n => n != name).Select(n => Peer(name, n, Healthy(n)))],
        };
    }

    private static PeerSlice Healthy(string peer) => new(peer)
    {
        IsConnected = true,
        Received = 50,
        Sent = 50,
        Silence = Duration.FromMilliseconds(3),
        Requests = [.. Enumerable.Range(0, Flows).Select(i => new FlowRequests(40_000 + i, i < 2 ? 2 : 1))],
        Path = new PathSlice
        {
            Counts = new PathCounts(10, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0),
            Interval = Duration.FromMilliseconds(25),
            RoundTrip = Delay(400),
            Forward = Delay(200),
            Backward = Delay(200),
            Bound = Duration.FromMicroseconds(150),
            Offset = new OffsetInterval(-Duration.FromMicroseconds(200), Duration.FromMicroseconds(200)),
            Flows = [.. Enumerable.Range(0, Flows).Select(i => new FlowSlice(40_000 + i, i < 2 ? 2 : 1, i < 2 ? 2 : 1, 0, 0, 0))],
        },
    };

    /// <summary>A steady delay in microseconds.</summary>
    public static DelaySlice Delay(long median, long spread = 40) => new(
        10,
        Duration.FromMicroseconds(median - 20),
        Duration.FromMicroseconds(median),
        Duration.FromMicroseconds(median - 20 + spread),
        Duration.FromMicroseconds(median - 20 + spread));
}
