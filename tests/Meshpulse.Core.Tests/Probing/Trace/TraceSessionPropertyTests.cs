using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using static Meshpulse.Core.Tests.Probing.Trace.TraceWorld;

namespace Meshpulse.Core.Tests.Probing.Trace;

/// <summary>Random paths with loss, silence, jitter, copies and forgeries, against what really became of every probe.</summary>
public sealed class TraceSessionPropertyTests
{
    [Fact]
    public void Every_figure_is_the_truth_about_its_hop_and_flow()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            Check(seed);
        }
    }

    private static void Check(int seed)
    {
        var random = new Random(seed);
        var options = new TraceOptions
        {
            Flows = random.Next(1, 9),
            Rounds = random.Next(1, 8),
            Interval = Duration.FromMilliseconds(random.Next(20, 3_000)),
            Timeout = Duration.FromMilliseconds(random.Next(50, 1_000)),
            MaxHops = random.Next(1, 31),
            MostUnderWay = random.Next(3) == 0 ? 1 : TraceOptions.HighestTimeToLive,
        };
        var lengths = Enumerable.Range(0, options.Flows).Select(_ => random.Next(1, 25)).ToArray();
        var loss = Enumerable.Range(0, 40).Select(_ => random.Next(3) switch { 0 => random.NextDouble(), 1 => 0, _ => 0.1 }).ToArray();
        var truth = new Dictionary<(int Flow, int TimeToLive), (long Sent, long InTime, long Late)>();
        TraceWorld? world = null;
        world = new TraceWorld(options)
        {
            Answer = probe =>
            {
                var key = (probe.Flow, probe.TimeToLive);
                var (sent, inTime, late) = truth.GetValueOrDefault(key);
                var isLost = random.NextDouble() < loss[probe.TimeToLive];
                var delay = (random.NextDouble() * 20) + (random.Next(30) == 0 ? options.Timeout.Milliseconds : 0);
                var isLate = !isLost && (long)(delay * 1e6) > options.Timeout.Nanoseconds;
                truth[key] = (sent + 1, inTime + (isLost || isLate ? 0 : 1), late + (isLate ? 1 : 0));
                var router = Router((probe.TimeToLive * 64) + probe.Flow, delay);
                var reply = probe.TimeToLive >= lengths[probe.Flow] ? Target(delay) : router;
                if (random.Next(10) == 0)
                {
                    // An id that is not under way: half the ids' range from it.
                    world!.Inject(new TraceAnswer(probe.Flow, probe.Id ^ 0x8000, Address(1), TraceAnswerKind.Destination, TraceRefusal.None, world.Now, 1));
                }

                return isLost ? null : reply with { Copies = random.Next(10) == 0 ? 2 : 1 };
            },
        };
        var report = world.Run();

        var context = $"seed {seed}";
        foreach (var (hop, flow) in report.Hops.SelectMany(h => h.Flows.Select(f => (h, f))))
        {
            var (sent, inTime, late) = truth[(flow.Flow, hop.TimeToLive)];
            Assert.True(new TraceCounts(sent, inTime, late, sent - inTime - late, 0) == flow.Counts, $"{context}, hop {hop.TimeToLive}, flow {flow.Flow}: {flow.Counts}");
            var isEnd = hop.TimeToLive >= lengths[flow.Flow];
            var expected = isEnd ? Target().From : Address((hop.TimeToLive * 64) + flow.Flow);
            Assert.True(flow.Addresses.Count == (inTime + late > 0 ? 1 : 0), context);
            Assert.True(flow.Addresses.All(a => a.From == expected && a.Answers == inTime + late), context);
            Assert.True((flow.Delays?.Count ?? 0) == inTime, context);
        }

        Assert.True(report.Counts.Sent == world.Sent.Count, context);
        Assert.True(report.Counts == truth.Values.Aggregate(default(TraceCounts), (sum, t) => sum + new TraceCounts(t.Sent, t.InTime, t.Late, t.Sent - t.InTime - t.Late, 0)), context);
        CheckPace(world, options, context);
        Assert.True(report.Rounds == options.Rounds, context);
        Assert.True(world.Sent.Count > 0 && world.Sent.TrueForAll(s => s.Probe.TimeToLive <= options.MaxHops), context);
    }

    private static void CheckPace(TraceWorld world, TraceOptions options, string context)
    {
        foreach (var (first, second) in world.Sent.Zip(world.Sent.Skip(1)))
        {
            Assert.True(second.At - first.At >= Duration.FromMilliseconds(2), $"{context}: {second.At - first.At} between two probes");
        }

        Assert.True(world.Sent.Select(s => (s.Probe.Flow, s.Probe.Id)).Distinct().Count() == world.Sent.Count, context);
        foreach (var hop in world.Sent.GroupBy(s => (s.Probe.Flow, s.Probe.TimeToLive)))
        {
            Assert.True(hop.Count() <= options.Rounds, $"{context}: {hop.Key} was asked {hop.Count()} times in {options.Rounds} rounds");
        }
    }
}
