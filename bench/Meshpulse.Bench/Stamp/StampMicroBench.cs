using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Paths;
using Meshpulse.Bench.Micro;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Bench.Stamp;

/// <summary>Nanoseconds and garbage of a STAMP probe without a network, and the memory of a path.</summary>
internal static class StampMicroBench
{
    private static long s_sink;

    public static void Run(BenchResults results)
    {
        var table = new Table($"stamp-micro: the fastest of {MicroBench.Batches} batches of {MicroBench.Calls} calls", "", "ns/call", "bytes/call");
        foreach (var (name, step) in Steps())
        {
            var (nanoseconds, bytes) = MicroBench.Measure(step);
            results.Add(new { Bench = "stamp-micro", Step = name, Nanoseconds = nanoseconds, Bytes = bytes });
            table.Row(name, $"{nanoseconds:F1}", $"{bytes:F3}");
        }

        table.Print();
        Tell(results, $"a path of {PathPlan.Flows} flows on the probing thread", NodeBytes());
        Tell(results, "the same in the collector, after ten seconds", SeriesBytes());
    }

    private static IEnumerable<(string Name, Action Step)> Steps()
    {
        yield return ("both clocks read", () => s_sink += SystemClocks.Pair().Offset);
        var form = StampForm.Stamp(null, StampForm.FullLength, StampErrorEstimate.Unknown);
        yield return ("a request written", WriteStep(form));
        yield return ("a reply read", ReadStep(form));
        yield return ("a reply made (the bench's own)", AnswerStep());
        yield return ($"a probe and its reply, of {PathPlan.Paths} paths", new ManyPaths(collects: false).Exchange);
        yield return ("the same, taken in by the collector", new ManyPaths(collects: true).Exchange);
    }

    private static Action WriteStep(StampForm form)
    {
        var packet = new byte[form.Length];
        var time = new WallTime(1_700_000_000_000_000_000);
        return () => form.Write(packet, new SerialNumber(7), time, 1, 0);
    }

    private static Action ReadStep(StampForm form)
    {
        var paths = new ManyPaths(collects: false);
        var packet = paths.Request();
        paths.Answer(packet);
        var time = new WallTime(1_700_000_000_000_000_000);
        return () =>
        {
            _ = form.TryRead(packet, 0, time, default, out var reading);
            s_sink += reading.SenderTtl;
        };
    }

    private static Action AnswerStep()
    {
        var paths = new ManyPaths(collects: false);
        var request = paths.Request();
        var packet = new byte[request.Length];
        return () =>
        {
            request.CopyTo(packet, 0);
            paths.Answer(packet);
        };
    }

    private static double NodeBytes()
    {
        const int Count = 200;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var node = new PathNode(new QueuedPaths(), new PathOutbox(new CheckOutbox(new SpscRing<Sample>(1)), capacity: 1), new SplitMix64(1), default);
        for (var i = 0; i < Count; i++)
        {
            node.Add(i, PathPlan.Settings, PathPlan.Target(i, 862), default);
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(node);
        return (double)bytes / Count;
    }

    /// <summary>With windows and histograms as they are after ten seconds.</summary>
    private static double SeriesBytes() => (WholeBytes(collects: true) - WholeBytes(collects: false)) / PathPlan.Paths;

    private static double WholeBytes(bool collects)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var paths = new ManyPaths(collects);
        for (var i = 0; i < 10 * PathPlan.ProbesPerSecond; i++)
        {
            paths.Exchange();
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(paths);
        return bytes;
    }

    private static void Tell(BenchResults results, string what, double bytes)
    {
        results.Add(new { Bench = "stamp-micro", Step = what, Bytes = bytes });
        Console.WriteLine($"  {what}: {bytes:F0} bytes");
    }
}
