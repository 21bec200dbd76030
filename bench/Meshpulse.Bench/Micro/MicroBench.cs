using System.Diagnostics;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Heartbeat;

namespace Meshpulse.Bench.Micro;

/// <summary>
/// Nanoseconds and garbage of the steps of a heartbeat and of a check's probe. Each step runs until the runtime has compiled it twice, then the
/// fastest of several batches counts: what a batch has beyond that is the machine's.
/// </summary>
internal static class MicroBench
{
    public const int Batches = 15;
    public const int Calls = 200_000;

    private static long s_sink;

    public static void Run(BenchResults results)
    {
        var table = new Table($"micro: the fastest of {Batches} batches of {Calls} calls", "", "ns/call", "bytes/call");
        foreach (var (name, step) in Steps())
        {
            var (nanoseconds, bytes) = Measure(step);
            results.Add(new { Bench = "micro", Step = name, Nanoseconds = nanoseconds, Bytes = bytes });
            table.Row(name, $"{nanoseconds:F1}", $"{bytes:F3}");
        }

        table.Print();
        var perPeer = BytesPerPeer();
        results.Add(new { Bench = "micro", Step = "series of a peer", Bytes = perPeer });
        Console.WriteLine($"  the series of one peer after ten windows of 100 heartbeats each way: {perPeer:F0} bytes");
        var perProbe = BytesPerProbe();
        results.Add(new { Bench = "micro", Step = "a probe", Bytes = perProbe });
        Console.WriteLine($"  a probe of 25 ms, its requests and its series: {perProbe:F0} bytes");
    }

    /// <summary>Nanoseconds and garbage of a call of a step.</summary>
    public static (double Nanoseconds, double Bytes) Measure(Action step)
    {
        // The background compiler needs a moment between the calls that it counts and the code that it makes of them.
        for (var i = 0; i < 5; i++)
        {
            _ = Batch(step);
            Thread.Sleep(100);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var fastest = Enumerable.Range(0, Batches).Min(_ => Batch(step));
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return (fastest / Calls, (double)bytes / Calls / Batches);
    }

    /// <summary>What the probing thread and the collector keep of each probe of a check.</summary>
    private static double BytesPerProbe()
    {
        const int Count = 500;
        var probes = new object[Count * 2];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
        {
            probes[i * 2] = ManyProbes.NewProbe(i);
            probes[(i * 2) + 1] = ManyProbes.NewSeries(i);
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(probes);
        return (double)bytes / Count;
    }

    /// <summary>What the collector keeps of each peer: the greater part of what a peer costs.</summary>
    private static double BytesPerPeer()
    {
        const int Count = 500;
        var peers = new PeerSeries[Count];
        var random = new SplitMix64(1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
        {
            peers[i] = new PeerSeries(default);
            Fill(peers[i], random);
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(peers);
        return (double)bytes / Count;
    }

    private static void Fill(PeerSeries peer, SplitMix64 random)
    {
        var expected = Duration.FromMilliseconds(100);
        for (var heartbeat = 1; heartbeat <= 1_000; heartbeat++)
        {
            Duration Near(long nanoseconds) => new(nanoseconds + (long)(random.NextDouble() * 200_000));
            peer.Receive.RecordInterval(Near(99_900_000), expected);
            peer.Send.RecordInterval(Near(99_900_000), expected);
            peer.TakeDelta(Near(20_000));
            if (heartbeat % 100 == 0)
            {
                _ = peer.CloseWindow("", default);
            }
        }
    }

    private static IEnumerable<(string Name, Action Step)> Steps()
    {
        yield return ("an empty call", () => s_sink++);
        yield return ("both clocks read", () => s_sink += SystemClocks.Pair().Offset);
        yield return ("a frame cut from the stream", FrameStep());
        var receiving = new OnePeer();
        yield return ("a heartbeat received by the node", receiving.Receive);
        var sending = new OnePeer();
        yield return ("a heartbeat sent by the node", sending.Send);
        yield return ("HDR record, values near 5 ms", RecordStep());
        yield return ("a receive interval in its three forms", MeasurementStep());
        yield return ("a sample through the ring", RingStep());
        var probes = new ManyProbes();
        yield return ($"a probe and its answer, of {ManyProbes.Count}", probes.Exchange);
        yield return ("the same taken in by the collector", probes.Collect);
    }

    private static Action FrameStep()
    {
        var frames = new FrameAssembler();
        var frame = new byte[HeartbeatWire.EmptyPing];
        _ = HeartbeatWire.WritePing(frame, 1_700_000_000_000_000);
        return () =>
        {
            ReadOnlySpan<byte> input = frame;
            if (frames.TryNext(ref input, out var body, out _) && HeartbeatWire.ReadPing(body, out var ping) == FrameError.None)
            {
                s_sink += ping.StampMicroseconds;
            }
        };
    }

    private static Action RecordStep()
    {
        var histogram = new HdrHistogram();
        var random = new SplitMix64(1);
        return () => histogram.Record(4_900 + (long)(random.NextDouble() * 200));
    }

    private static Action MeasurementStep()
    {
        var measurement = new Measurement();
        var random = new SplitMix64(1);
        var expected = Duration.FromMilliseconds(5);
        return () => measurement.RecordInterval(new Duration(4_900_000 + (long)(random.NextDouble() * 200_000)), expected);
    }

    private static Action RingStep()
    {
        var ring = new SpscRing<Sample>(1 << 10);
        var sample = new Sample(SampleKind.Sent, 1, default, default);
        return () =>
        {
            ring.Write(sample);
            s_sink += ring.TryRead(out var read) ? read.Peer : 0;
        };
    }

    private static double Batch(Action step)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            step();
        }

        return Stopwatch.GetElapsedTime(began).TotalNanoseconds;
    }
}
