using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.History;
using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api;

/// <summary>
/// The past out of this node's store, read on the pool; a few questions at a time. A store that can't be read is said to be missing, with the reason.
/// </summary>
/// <param name="self">How this node is called.</param>
/// <param name="file">The store's file.</param>
internal sealed class StoredPast(string self, string file) : IPastView, IDisposable
{
    private const int MaxAtOnce = 2;
    private const int MaxBuckets = 400;
    private const string MeshCheck = "mesh";

    private static readonly Duration s_moment = Duration.FromSeconds(1);
    private static readonly Duration s_before = Duration.FromSeconds(600);
    private static readonly Duration s_longest = Duration.FromSeconds(86_400);

    private readonly SemaphoreSlim _room = new(MaxAtOnce);

    /// <inheritdoc />
    public Task<PathView> PathAsync(string peer, ApiSpan span, CancellationToken stop) => AskAsync(
        reader => PathOf(reader, peer, span, stop),
        problem => new PathView(self, "history") { Missing = problem },
        stop);

    /// <inheritdoc />
    public Task<VitalsDocument> VitalsAsync(ApiSpan span, WallTime now, CancellationToken stop) => AskAsync(
        reader => VitalsOf(reader, span, now, stop),
        _ => new VitalsDocument(1, self, now, span.Start, span.End, span.StepMs, "history", [], []),
        stop);

    /// <inheritdoc />
    public Task<(IReadOnlyList<EventEntry> Events, bool More)> EventsAsync(ApiSpan span, int limit, CancellationToken stop) => AskAsync(
        reader =>
        {
            var events = reader.Events(span.Start, span.End, limit + 1);
            return (Told: (IReadOnlyList<EventEntry>)[.. events.Reverse().Take(limit).Select(EntryOf)], More: events.Count > limit);
        },
        _ => ([], false),
        stop);

    /// <inheritdoc />
    public Task<IReadOnlyList<VerdictEntry>> VerdictsAsync(ApiSpan span, CancellationToken stop) => AskAsync(
        reader => VerdictsOf(reader, span),
        _ => [],
        stop);

    /// <inheritdoc />
    public Task<RowCodes?> RowAsync(WallTime at, CancellationToken stop) => AskAsync(reader => RowOf(reader, at, stop), _ => null, stop);

    /// <inheritdoc />
    public void Dispose() => _room.Dispose();

    private async Task<T> AskAsync<T>(Func<HistoryReader, T> question, Func<string, T> without, CancellationToken stop)
    {
        await _room.WaitAsync(stop);
        try
        {
            return await Task.Run(
                () =>
                {
                    using var reader = HistoryReader.Open(file);
                    return question(reader);
                },
                stop);
        }
        catch (HistoryFileException e)
        {
            return without($"the history {e.Message}");
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>
    /// Each change of a verdict is there: the last before the span's end says how it was then. One that has lasted since before the span has none in it. And
    /// who is killed ends none: those that nobody has said any more since the next start went no further than that.
    /// </summary>
    private static IReadOnlyList<VerdictEntry> VerdictsOf(HistoryReader reader, ApiSpan span)
    {
        var started = reader.Started(span.End) ?? default;
        var changes = reader.Verdicts(span.Start - s_longest, span.End, VerdictDocument.MaxVerdicts * 4);
        return
        [
            .. changes.GroupBy(c => c.Verdict.Id).Select(c => c.Last())
                .Select(c => c.Verdict.Until is null && c.At < started ? c.Verdict with { Until = started } : c.Verdict)
                .Where(v => v.Until is not { } until || until >= span.Start)
                .TakeLast(VerdictDocument.MaxVerdicts),
        ];
    }

    private PathView PathOf(HistoryReader reader, string peer, ApiSpan span, CancellationToken stop)
    {
        var series = reader.Series();
        var path = series.FirstOrDefault(s => s.Name.Kind == SeriesKind.Path && s.Name.Target == peer && s.Name.Check == MeshCheck);
        var heartbeats = series.FirstOrDefault(s => s.Name.Kind == SeriesKind.Heartbeat && s.Name.Target == peer);
        if (path is null && heartbeats is null)
        {
            return new PathView(self, "history") { Missing = $"the history here has nothing of {peer}" };
        }

        var (probes, beats) = (WindowsOf(reader, path, span, stop), WindowsOf(reader, heartbeats, span, stop));
        // Where the fine windows do not reach back so far, the steps are longer, and both kinds' are the same.
        var step = Math.Max(probes?.Step.Nanoseconds ?? 0, beats?.Step.Nanoseconds ?? 0) / 1_000_000;
        var columns = new SeriesColumns(new ApiSpan(new WallTime(ApiSpan.Ms(span.Start) / step * step * 1_000_000), span.End, step));
        var rows = RowsOf(columns, probes);
        var total = probes?.Total();
        return new PathView(self, "history")
        {
            StepMs = step,
            T = columns.Times,
            Sent = Figure(rows, "sent"),
            LostForward = Figure(rows, "lost_forward"),
            LostBackward = Figure(rows, "lost_backward"),
            LostUnknown = Figure(rows, "lost_unknown"),
            Unsent = Figure(rows, "unsent"),
            Forward = Delays(rows, "forward"),
            Backward = Delays(rows, "backward"),
            RoundTrip = Delays(rows, "round_trip"),
            Heartbeats = Heartbeats(RowsOf(columns, beats)),
            Histograms = total is null ? null : new PathHistograms(Buckets(total, "forward"), Buckets(total, "backward"), Buckets(total, "round_trip")),
            Flows = total is null ? [] : Flows(total, rows),
        };
    }

    private static HistoryWindows? WindowsOf(HistoryReader reader, HistorySeries? series, ApiSpan span, CancellationToken stop) =>
        series is null ? null : reader.Windows(series, span.Start, span.End, ApiJson.MaxPoints, Duration.FromMilliseconds(span.StepMs), stop);

    private static HistoryRow?[] RowsOf(SeriesColumns columns, HistoryWindows? windows)
    {
        var rows = new HistoryRow?[columns.Times.Count];
        foreach (var window in windows?.Windows ?? [])
        {
            if (columns.IndexOf(ApiSpan.Ms(window.From)) is >= 0 and var index)
            {
                if (rows[index] is { } row)
                {
                    row.Add(window.Row);
                }
                else
                {
                    rows[index] = window.Row;
                }
            }
        }

        return rows;
    }

    private static double?[] Figure(HistoryRow?[] rows, string name) => [.. rows.Select(r => (double?)r?.Figure(name))];

    private static double? Us(HdrHistogram? histogram, double percentile) =>
        histogram is { TotalCount: > 0 } ? histogram.ValueAtPercentile(percentile) / 1e3 : null;

    private static DelaySeries Delays(HistoryRow?[] rows, string name)
    {
        var histograms = rows.Select(r => r?.Histogram(name)).ToList();
        return new DelaySeries(
            [.. histograms.Select(h => Us(h, 50))],
            [.. histograms.Select(h => Us(h, 90))],
            [.. histograms.Select(h => Us(h, 99))],
            [.. histograms.Select(h => Us(h, 100))]);
    }

    private static HeartbeatSeries Heartbeats(HistoryRow?[] rows)
    {
        // These are in us already.
        var receive = rows.Select(r => r?.Histogram("receive")).ToList();
        return new HeartbeatSeries(
            Figure(rows, "received"),
            Figure(rows, "sent"),
            [.. receive.Select(h => Us(h, 99) * 1e3)],
            [.. receive.Select(h => Us(h, 100) * 1e3)]);
    }

    /// <summary>The buckets, neighbours put together where there are too many.</summary>
    private static IReadOnlyList<IReadOnlyList<double>> Buckets(HistoryRow row, string name)
    {
        var buckets = row.Histogram(name)?.Buckets.Where(b => b.Count > 0).ToList() ?? [];
        var together = (buckets.Count / MaxBuckets) + 1;
        return [.. buckets.Chunk(together).Select(c => (IReadOnlyList<double>)[c[^1].Highest / 1e3, c.Sum(b => b.Count)])];
    }

    private static List<FlowEntry> Flows(HistoryRow total, HistoryRow?[] rows)
    {
        // A node that began anew has other ports: only the busiest are told one by one.
        var told = total.Flows.OrderByDescending(f => f.Sent).Take(64).OrderBy(f => f.SourcePort);
        return
        [
            .. told.Select(f => new FlowEntry(f.SourcePort, f.Sent, f.Answered + f.Late, f.LostForward, f.LostBackward, f.LostUnknown)
            {
                LostSeries = total.Flows.Count > 16 ? null : [.. rows.Select(r => LostOf(r, f.SourcePort))],
            }),
        ];
    }

    private static double? LostOf(HistoryRow? row, int port)
    {
        foreach (var flow in row?.Flows ?? [])
        {
            if (flow.SourcePort == port)
            {
                return flow.LostForward + flow.LostBackward + flow.LostUnknown;
            }
        }

        return null;
    }

    private VitalsDocument VitalsOf(HistoryReader reader, ApiSpan span, WallTime now, CancellationToken stop)
    {
        var windows = reader.Vitals(span.Start, span.End, ApiJson.MaxPoints, Duration.FromMilliseconds(span.StepMs), stop);
        var step = windows?.Step.Nanoseconds / 1_000_000 ?? span.StepMs;
        var columns = new SeriesColumns(new ApiSpan(new WallTime(ApiSpan.Ms(span.Start) / step * step * 1_000_000), span.End, step));
        var rows = RowsOf(columns, windows);
        double?[] Column(Func<HistoryRow, double?> of) => [.. rows.Select(r => r is null ? null : of(r))];
        double?[] Ms(string name) => Column(r => r.Figure(name) / 1e3);
        double?[] Pressure(string name) => Column(r => r.Figure(name) is { } us && r.Figure("covered_ms") is > 0 and var covered ? Math.Min(1, us / (covered * 1e3)) : null);
        return new VitalsDocument(1, self, now, span.Start, span.End, step, "history", columns.Times, [])
        {
            Cpu = Column(r => CpuShare(r, "busy", "steal")),
            BusiestCpu = columns.New(),
            Steal = Column(r => CpuShare(r, "steal")),
            RunQueueWaitMs = Ms("run_queue_us"),
            ThrottledMs = Ms("throttled_us"),
            PsiCpu = Pressure("cpu_pressure_us"),
            PsiIo = Pressure("io_pressure_us"),
            PsiMemory = Pressure("memory_pressure_us"),
            MajorFaults = Figure(rows, "major_faults"),
            FrozenMs = Ms("frozen_us"),
            StallMaxMs = Ms("longest_stall_us"),
            GcPauseMs = Ms("runtime_pauses_us"),
            WakeLateMaxUs = columns.New(),
            UdpDrops = Figure(rows, "udp_receive_errors"),
            NicDrops = Figure(rows, "interface_errors"),
            SoftnetDrops = Figure(rows, "softnet_drops"),
            Retransmits = Figure(rows, "tcp_retransmits"),
            ClockOffsetUs = columns.New(),
        };
    }

    private static double? CpuShare(HistoryRow row, params ReadOnlySpan<string> states)
    {
        var whose = row.Figure("allowed_busy_us") is null ? "all" : "allowed";
        var (all, wanted) = (0L, 0L);
        foreach (var state in (ReadOnlySpan<string>)["busy", "idle", "iowait", "steal"])
        {
            var us = row.Figure($"{whose}_{state}_us") ?? 0;
            all += us;
            wanted += states.Contains(state) ? us : 0;
        }

        return all > 0 ? (double)wanted / all : null;
    }

    private EventEntry EntryOf(HistoryEvent happened) =>
        new(happened.At, self, happened.Kind, happened.Text) { Subject = happened.Node.Length > 0 ? happened.Node : null };

    private RowCodes? RowOf(HistoryReader reader, WallTime at, CancellationToken stop)
    {
        var then = PathsOf(reader, at - s_moment, at + s_moment, stop);
        if (then.Count == 0)
        {
            return null;
        }

        var usual = PathsOf(reader, at - s_before, at - s_moment, stop);
        var names = then.Keys.Append(self).Distinct(StringComparer.Ordinal).Order(NodeOrder.Instance).ToList();
        var (forward, backward) = (new CellTable(names.Count), new CellTable(names.Count));
        for (var i = 0; i < names.Count; i++)
        {
            if (then.TryGetValue(names[i], out var row))
            {
                var before = usual.GetValueOrDefault(names[i]);
                forward[i] = PastCells.Of(row, before, "lost_forward", "forward");
                backward[i] = PastCells.Of(row, before, "lost_backward", "backward");
            }
        }

        return new RowCodes(self, names, false, forward, backward);
    }

    private static Dictionary<string, HistoryRow> PathsOf(HistoryReader reader, WallTime from, WallTime to, CancellationToken stop)
    {
        var paths = new Dictionary<string, HistoryRow>(StringComparer.Ordinal);
        foreach (var (series, row) in reader.Totals(SeriesKind.Path, from, to, stop).Where(t => t.Series.Name.Check == MeshCheck))
        {
            paths[series.Name.Target] = row;
        }

        return paths;
    }
}
