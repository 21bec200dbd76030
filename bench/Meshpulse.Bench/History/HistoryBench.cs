using System.Diagnostics;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Bench.History;

/// <summary>
/// What the history costs with 100 peers: windows of their paths four times a second with ten probes in each, heartbeats each 5 ms, put together and
/// written as an agent does, but as fast as that goes. Bytes are those of the file, by resolution.
/// </summary>
internal sealed class HistoryBench(BenchOptions options)
{
    private const int Peers = 100;
    private const int Seconds = 130;
    private const long Begin = 1_800_000_000;

    private static readonly Duration s_interval = Duration.FromMilliseconds(5);

    private readonly Random _random = new(1);
    private readonly NodeEndpoint[] _nodes = [.. Enumerable.Range(0, Peers).Select(i => NodeEndpoint.FromBytes([10, 0, 0, (byte)(i + 2)], 12_222))];
    private readonly PathLabels[] _labels = [.. Enumerable.Range(0, Peers).Select(i => new PathLabels("10.0.0.1", $"10.0.0.{i + 2}", []))];
    private readonly List<HistoryBatch> _batches = [];
    private MonoTime _now = new(1_000_000_000_000);

    public void Run(BenchResults results)
    {
        if (!HistoryLibrary.TryLoad(out var problem))
        {
            Console.WriteLine($"history: {problem}");
            return;
        }

        var file = options.Scratch("bench.history");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        foreach (var old in (string[])[file, file + "-wal", file + "-shm"])
        {
            File.Delete(old);
        }

        var recorder = new HistoryRecorder("10.0.0.1", _batches.Add, () => new ClockPairing(_now, WallOf(_now)));
        var (recording, writing) = (TimeSpan.Zero, TimeSpan.Zero);
        var commits = new List<double>();
        long rows;
        using (var writer = new HistoryWriter(file, HistoryOptions.DefaultSize, "10.0.0.1"))
        {
            for (var half = 0; half < Seconds * 2; half++)
            {
                recording += Measure(() => Record(recorder));
                var watch = Stopwatch.StartNew();
                writing += Measure(() => Write(writer, half));
                commits.Add(watch.Elapsed.TotalMilliseconds);
            }

            rows = writer.RowsWritten;
        }

        Tell(results, file, recording, writing, commits, rows);
    }

    private static WallTime WallOf(MonoTime at) => new((Begin * 1_000_000_000) + at.Nanoseconds - 1_000_000_000_000);

    /// <summary>Time of the processor, on whatever thread.</summary>
    private static TimeSpan Measure(Action action)
    {
        var before = Environment.CpuUsage.TotalTime;
        action();
        return Environment.CpuUsage.TotalTime - before;
    }

    private void Record(HistoryRecorder recorder)
    {
        for (var round = 0; round < 10; round++)
        {
            recorder.BeginRound();
            for (var peer = 0; peer < Peers; peer++)
            {
                Record(recorder, peer, round % 5 == 0);
            }

            _now += Duration.FromMilliseconds(50);
            recorder.EndRound(isLast: false);
        }
    }

    private void Record(HistoryRecorder recorder, int peer, bool hasWindow)
    {
        for (var i = 0; i < 10; i++)
        {
            var lateness = new Duration(20_000 + Tail(60_000));
            recorder.OnHeartbeat(_nodes[peer], new Sample(SampleKind.ReceivedStamped, peer, s_interval + new Duration(Tail(40_000)), lateness) { At = _now }, s_interval);
            recorder.OnHeartbeat(_nodes[peer], new Sample(SampleKind.Sent, peer, s_interval + lateness, lateness), s_interval);
        }

        if (hasWindow)
        {
            recorder.OnPath(_labels[peer], Window(peer), null);
        }
    }

    private long Tail(double scale) => (long)(-Math.Log(1 - _random.NextDouble()) * scale);

    private PathWindow Window(int peer)
    {
        var delays = new DelayFigures();
        for (var i = 0; i < 10; i++)
        {
            var (forward, backward) = (150_000 + (peer * 3_000) + Tail(20_000), 140_000 + Tail(15_000));
            delays.AddRoundTrip(new Duration(forward + backward));
            delays.Forward.Record(forward);
            delays.Backward.Record(backward);
            delays.AddVariation(new Duration(Tail(20_000)), new Duration(Tail(15_000)));
        }

        var flows = Enumerable.Range(0, 9).Select(f => new FlowCounters { SourcePort = (ushort)(40_000 + f), Sent = 1, Answered = 1 }).ToArray();
        return new PathWindow(
            _now - Duration.FromMilliseconds(250), _now, new PathCounts(10, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0, delays, new Duration(290_000),
            new OffsetInterval(new Duration(-140_000), new Duration(140_000)), default, default, 0, default, default, default, flows);
    }

    private void Write(HistoryWriter writer, int half)
    {
        foreach (var batch in _batches)
        {
            writer.Take(batch);
            writer.Commit();
        }

        _batches.Clear();
        if (half % 20 == 0)
        {
            _ = writer.Trim();
        }
    }

    private static void Tell(BenchResults results, string file, TimeSpan recording, TimeSpan writing, List<double> commits, long rows)
    {
        commits.Sort();
        var table = new Table($"history: {Peers} peers, {Seconds} s; {rows} rows written", "", "bytes per peer and window", "MB for 100 peers, kept in full");
        using (var reader = HistoryReader.Open(file))
        {
            foreach (var (reach, level) in reader.Reach.Zip(HistoryLevel.Usual))
            {
                // Two rows each: the path's and the heartbeats'.
                var perWindow = reach.Rows == 0 ? 0 : 2.0 * reach.Bytes / reach.Rows;
                var full = perWindow * Peers * level.Keep / level.Step / 1e6;
                results.Add(new { Bench = "history", Step = level.Step, BytesPerPeer = perWindow, MegabytesOf100 = full });
                table.Row($"{level.Step} s", $"{perWindow:F0}", $"{full:F0}");
            }
        }

        table.Print();
        var (record, write) = (recording.TotalSeconds / Seconds, writing.TotalSeconds / Seconds);
        results.Add(new { Bench = "history", Record = record, Write = write, CommitMedian = commits[commits.Count / 2], CommitLongest = commits[^1] });
        Console.WriteLine($"  share of a core: {record:P1} putting together, {write:P1} writing; a half second's commit {commits[commits.Count / 2]:F1} ms in the middle, {commits[^1]:F0} ms at most");
        Console.WriteLine($"  the file: {new FileInfo(file).Length / 1e6:F1} MB");
    }
}
