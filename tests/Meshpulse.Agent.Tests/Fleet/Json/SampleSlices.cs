using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.Tests.Fleet.Json;

/// <summary>Slices and verdicts in which everything that can be there is there now and then.</summary>
internal sealed class SampleSlices(int seed)
{
    private readonly Random _random = new(seed);

    public SliceBatch Batch(int slices, int peers)
    {
        var run = unchecked((ulong)_random.NextInt64(long.MinValue, long.MaxValue));
        return new SliceBatch(1, "10.0.0.1", run, [.. Enumerable.Range(1, slices).Select(n => Slice("10.0.0.1", run, n, peers))]);
    }

    public NodeSlice Slice(string node, ulong run, long number, int peers) => new(node, run, number)
    {
        Datacenter = Maybe("fra.dc1"),
        From = new MonoTime(number * 250_000_000),
        At = new ClockPairing(new MonoTime((number + 1) * 250_000_000), new WallTime(1_800_000_000_000_000_000 + number)),
        IsLeaving = Coin(),
        IsInMaintenance = Coin(),
        WakeLateness = Span(),
        Host = Coin() ? Host() : null,
        Peers = [.. Enumerable.Range(2, peers).Select(i => Peer($"10.0.{i / 250}.{i % 250}"))],
    };

    public Verdict Verdict(int number)
    {
        var what = Enum.GetValues<VerdictKind>()[_random.Next(Enum.GetValues<VerdictKind>().Length)];
        return new Verdict($"v{number}", what, Place(), Wall(), Coin() ? Wall() : null, _random.NextDouble())
        {
            Evidence = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => new VerdictEvidence("10.0.0.1", "gap from 10.0.0.5", _random.Next(10_000), Coin() ? "ms" : "", Coin() ? 5 : null))],
            Noticed = Wall(),
            Recurrences = _random.Next(3),
        };
    }

    private VerdictPlace Place() => _random.Next(8) switch
    {
        0 => VerdictPlace.Host("10.0.0.5"),
        1 => VerdictPlace.Path("10.0.0.1", "10.0.0.5"),
        2 => VerdictPlace.Pair("10.0.0.5", "10.0.0.1"),
        3 => VerdictPlace.OfFlows("10.0.0.1", "10.0.0.5", [40_002, 40_001]),
        4 => VerdictPlace.Datacenter("fra.dc1"),
        5 => VerdictPlace.DatacenterPath("fra.dc1", "ber"),
        6 => VerdictPlace.Datacenters("fra.dc1", "ber"),
        _ => VerdictPlace.Mesh([["a", "b"], ["c"]]),
    };

    private PeerSlice Peer(string name) => new(name)
    {
        IsConnected = Coin(),
        Notice = Coin() ? Any<PeerNotice>() : null,
        Received = Count(),
        Sent = Count(),
        Unsent = Count(),
        Silence = Span(),
        Gaps = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => new GapSlice(Moment(), Span(), Span(), Coin(), Coin() ? Transport() : null))],
        Ended = Coin() ? Any<CloseReason>() : null,
        CallFailed = Coin() ? Any<DialFailure>() : null,
        Path = Coin() ? Path() : null,
        Requests = _random.Next(3) switch { 0 => null, 1 => [], _ => [new FlowRequests(40_001, Count())] },
    };

    private PathSlice Path() => new()
    {
        Counts = new PathCounts(Count(), Count(), Count(), Count(), -Count(), Count(), Count(), Count(), Count(), Count(), Count(), Count()),
        Silence = Span(),
        Interval = Span(),
        RoundTrip = MaybeDelay(),
        Forward = MaybeDelay(),
        Backward = MaybeDelay(),
        Bound = Span(),
        Offset = _random.Next(4) switch
        {
            0 => OffsetInterval.Unknown,
            1 => new OffsetInterval(-Duration.MaxValue, Span()),
            2 => default,
            _ => new OffsetInterval(-Span(), Span()),
        },
        Step = Coin() ? new ClockStep(Any<ClockSide>(), -Span(), Moment()) : null,
        ForwardHopLimit = SeenField.Of(Coin() ? (byte)_random.Next(256) : null, (uint)_random.Next()),
        BackwardHopLimit = default,
        Mtu = new MtuFigures(Coin() ? 1_500 : null, Coin() ? 9_000 : null),
        Flows = [.. Enumerable.Range(0, _random.Next(9)).Select(i => new FlowSlice(40_000 + i, Count(), Count(), -Count(), Count(), Count()) { IsLarge = Coin() })],
    };

    private HostWindow Host() => new(Moment(), Moment())
    {
        Stalls = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => new HostStall(Moment(), Span(), Coin() ? Span() : null))],
        RunQueueDelay = Coin() ? Span() : null,
        ProbingRunQueueDelay = Duration.Zero,
        InvoluntarySwitches = Coin() ? 0 : null,
        AllowedCpus = Coin() ? new CpuTimes(Span(), Span(), Span(), Span()) : null,
        AllCpus = default(CpuTimes),
        AllowedCpuCount = 2,
        OnlineCpuCount = Coin() ? 64 : null,
        Pressure = new HostPressure(Pressure(), null, Pressure()),
        CgroupPressure = default,
        Cgroup = Coin() ? new CgroupCpu(Coin() ? 0.5 : null, Count(), Count(), Span()) : null,
        MajorFaults = Count(),
        Power = Coin() ? new PowerSaving(Maybe("powersave,performance"), Maybe("C6"), Coin() ? Span() : null, Maybe("poll")) : null,
        Network = new NetworkTrouble(Coin() ? Count() : null, null, 0, Count(), Count(), null),
        IsClockSynchronised = _random.Next(3) switch { 0 => null, 1 => true, _ => false },
        ClockStep = -Span(),
        ClockFrequency = Coin() ? -12.5 : null,
        Frozen = Span(),
        Suspended = Span(),
        RuntimePauses = Span(),
        Missing = Coin() ? ["schedstat: not there"] : [],
    };

    private TransportInfo Transport() => new(Span(), Span(), Span(), Count(), Count(), Count());

    private PressureTime? Pressure() => Coin() ? new PressureTime(Span(), Span()) : null;

    private DelaySlice? MaybeDelay() => Coin() ? new DelaySlice(Count(), Span(), Span(), Span(), Span()) : null;

    private bool Coin() => _random.Next(2) == 0;

    private string? Maybe(string text) => Coin() ? text : null;

    private long Count() => Coin() ? 0 : _random.Next(1_000_000);

    private Duration Span() => Coin() ? Duration.Zero : new Duration(_random.NextInt64(10_000_000_000));

    private MonoTime Moment() => new(_random.NextInt64(1_000_000_000_000_000));

    // In whole microseconds, as verdicts are told.
    private WallTime Wall() => new(1_800_000_000_000_000_000 + (_random.NextInt64(1_000_000_000) * 1_000));

    private T Any<T>()
        where T : struct, Enum => Enum.GetValues<T>()[_random.Next(Enum.GetValues<T>().Length)];
}
