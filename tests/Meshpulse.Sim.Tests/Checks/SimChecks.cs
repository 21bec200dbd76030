using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Checkers;
using Meshpulse.Sim.Hosts;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Tests.Checks;

/// <summary>One host that probes, and those that it probes, under virtual time, for one seed of one test.</summary>
internal sealed class SimChecks
{
    private static readonly NodeEndpoint s_self = NodeEndpoint.FromBytes([10, 1, 0, 1], 4232);

    public SimChecks(int seed)
    {
        Seed = seed;
        Random = new SplitMix64((ulong)seed);
        Network = new SimNetwork(Clock, Random.Next());
        Datagrams = new SimDatagrams(Network, Random.Next());
        Host = new SimCheckHost(Datagrams, s_self, Random.Next());
    }

    public int Seed { get; }

    public VirtualClock Clock { get; } = new();

    public SplitMix64 Random { get; }

    public SimNetwork Network { get; }

    public SimDatagrams Datagrams { get; }

    public SimCheckHost Host { get; }

    public List<SimReflector> Reflectors { get; } = [];

    public static NodeEndpoint Self => s_self;

    public static NodeEndpoint Target(int number) => NodeEndpoint.FromBytes([10, 2, (byte)(number / 250), (byte)(1 + (number % 250))], 4232);

    public static ProbeSettings Settings(CheckKind kind, Duration interval, Duration timeout) => new(kind, interval, timeout, Payload: 18, Dscp: 0);

    public static Duration Milliseconds(int value) => Duration.FromMilliseconds(value);

    public SimReflector Reflect(int number, ReflectorLimits? limits = null)
    {
        var reflector = new SimReflector(Datagrams, Target(number), limits ?? new ReflectorLimits(), Random.Next());
        Reflectors.Add(reflector);
        return reflector;
    }

    /// <summary>A number from one to another, both included.</summary>
    public int Between(int from, int to) => from + Random.Below(to - from + 1);

    public CheckKind AnyKind() => Random.Below(4) switch
    {
        0 => CheckKind.Icmp,
        1 => CheckKind.Tcp,
        _ => CheckKind.UdpPing,
    };

    /// <summary>Does what a path between the host and a target may do, in one direction.</summary>
    public DatagramFaults AnyFaults(int longestDelay) => new()
    {
        Delay = Milliseconds(Between(0, longestDelay)),
        Jitter = Milliseconds(Between(0, longestDelay)),
        Loss = Random.Below(3) == 0 ? Random.NextDouble() / 3 : 0,
        Duplication = Random.Below(3) == 0 ? Random.NextDouble() / 3 : 0,
        Reordering = Random.Below(3) == 0 ? Random.NextDouble() / 3 : 0,
        HoldBack = Milliseconds(Between(1, 60)),
    };

    public void SetFaults(NodeEndpoint target, DatagramFaults there, DatagramFaults back)
    {
        Datagrams.SetFaults(s_self, target, there);
        Datagrams.SetFaults(target, s_self, back);
    }

    /// <summary>Nothing more is sent, and everything is decided.</summary>
    public void Finish()
    {
        Host.RefusesToSend = true;
        Clock.Run(Duration.FromSeconds(8));
    }

    /// <summary>What the node said is what really happened, for each probe that was not moved or removed.</summary>
    public void AssertExact()
    {
        AssertConserved();
        var faults = Living.Where(life => !life.IsMoved).Select(life => life.FindFault()).OfType<string>().ToList();
        Assert.True(faults.Count == 0, $"seed {Seed}: {string.Join("; ", faults)}");
    }

    /// <summary>Nothing was decided twice, nothing was forgotten, and nothing was said of nobody.</summary>
    public void AssertConserved()
    {
        Assert.True(Host.Ledger.Absurdities.Count == 0, $"seed {Seed}: {Host.Ledger.Absurdities.FirstOrDefault()} and {Host.Ledger.Absurdities.Count} in all");
        Assert.All(Living, life => Assert.True(
            life.Outstanding == 0, $"seed {Seed}: probe {life.Id}: {life.Requests.Count} sent, {life.Answered} answered, {life.Lost} lost"));
    }

    public IEnumerable<ProbeLife> Living => Host.Ledger.Lives.Where(life => life.EndedAt == MonoTime.Never);

    /// <summary>
    /// A probe's requests are those for each grid point at which, or within an interval of which, the host ran; the other grid points are
    /// counted as unsent. The grid is that of the first request.
    /// </summary>
    public void AssertGrid(ProbeLife life)
    {
        var interval = life.Settings.Interval;
        Assert.True(life.Requests.Count > 0, $"seed {Seed}: probe {life.Id} sent nothing");
        var points = Host.Turns.Where(turn => turn >= life.Requests[0].Slot.Intended - (interval * life.Requests[0].Slot.Skipped) && turn < life.EndedAt)
            .Select(turn => PointOf(life, turn)).Distinct().ToList();
        var skipped = 0L;
        for (var i = 0; i < life.Requests.Count; i++)
        {
            var (request, point) = (life.Requests[i], points[i]);
            Assert.True(request.Slot.Intended == point, $"seed {Seed}: probe {life.Id}: request {i} is for {request.Slot.Intended}, not for {point}");
            Assert.Equal(request.SentAt - point, request.Slot.Lateness);
            skipped += request.Slot.Skipped;
            var since = i == 0 ? request.Slot.Skipped : ((point - points[i - 1]).Nanoseconds / interval.Nanoseconds) - 1;
            Assert.True(request.Slot.Skipped == since, $"seed {Seed}: probe {life.Id}: {request.Slot.Skipped} skipped before request {i}, not {since}");
        }

        Assert.True(life.Unsent.GetValueOrDefault(UnsentCause.Late) >= skipped, $"seed {Seed}: probe {life.Id}: {skipped} skipped");
        Assert.True(life.Requests[0].Slot.Intended - life.BegunAt <= CheckNode.Settle + Milliseconds(1_001) + (interval * (life.Requests[0].Slot.Skipped + 1)), $"seed {Seed}: late begin");
    }

    /// <summary>The latest grid point that has come at a moment.</summary>
    private static MonoTime PointOf(ProbeLife life, MonoTime at)
    {
        var first = life.Requests[0].Slot.Intended;
        var steps = (at - first).Nanoseconds / life.Settings.Interval.Nanoseconds;
        return first + (life.Settings.Interval * (at < first ? steps - 1 : steps));
    }
}
