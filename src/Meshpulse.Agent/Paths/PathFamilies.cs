using System.Collections.Immutable;
using System.Globalization;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Paths;

/// <summary>
/// The metrics of the STAMP paths. All of them are described in docs/metrics.md.
/// <para>
/// Of a thousand paths everything that is known would be a page of 28 MB and 150,000 series, most of which say all day that nothing happened. So,
/// unless all is asked for, counters of what seldom happens appear with their first count; round trips have a dozen buckets, what goes one way and
/// how delays vary has means alone; and what hardly ever changes is left out.
/// </para>
/// </summary>
/// <param name="writer">The page.</param>
/// <param name="isFull">Everything that is known.</param>
internal sealed class PathFamilies(ExpositionWriter writer, bool isFull)
{
    /// <summary>Writes the paths' figures; the series must not change meanwhile.</summary>
    public void Write(PathBook book)
    {
        var rows = book.Series.Where(s => s.Value.IsProven || s.Value.Counts.Sent > 0).OrderBy(s => s.Key)
            .Select(s => new Row(s.Value, [.. s.Value.Labels.Labels])).ToList();
        WriteCounts(rows);
        WriteDelays(rows);
        WriteClocks(rows);
        WriteSeen(rows);
        WriteFlows(rows);
        writer.Family("meshpulse_paths", MetricKind.Gauge, "Paths probed by STAMP; targets on trial, which have not answered yet, are not counted.");
        writer.Sample(book.Series.Values.Count(s => s.IsProven));
    }

    /// <summary>Writes what concerns all paths; from any thread.</summary>
    public static void WriteOwn(ExpositionWriter writer, PathDriver driver, PathOutbox outbox)
    {
        writer.Family("meshpulse_path_send_stamps", MetricKind.Counter, "Kernel times of sending that came for probes of paths.");
        writer.Sample(driver.SendStamps);
        writer.Family("meshpulse_path_receive_drops", MetricKind.Counter, "Replies that our own receive queues dropped; what is lost here is ours.");
        writer.Sample(driver.Traffic.Drops);
        writer.Family("meshpulse_path_samples_dropped", MetricKind.Counter, "Measurements of paths lost because the collector was too slow.");
        writer.Sample(outbox.Samples.Dropped);
    }

    private void WriteCounts(List<Row> rows)
    {
        Counter(rows, "meshpulse_path_sent", "Probes that left this host.", c => c.Sent, isSeldom: false);
        Counter(rows, "meshpulse_path_unsent", "Probes that were due and did not leave; they are not loss.", c => c.Unsent);
        Counter(rows, "meshpulse_path_answered", "Probes answered within their timeout.", c => c.Answered, isSeldom: false);
        Counter(rows, "meshpulse_path_late", "Probes answered after it; neither answered nor lost.", c => c.Late);
        writer.Family(
            "meshpulse_path_lost", MetricKind.Gauge, "Probes lost so far, by direction; unknown ones can get a direction, and late ones are taken out again.");
        foreach (var row in rows)
        {
            writer.Sample(row.Series.Counts.LostForward, row.With("direction", "forward"));
            writer.Sample(row.Series.Counts.LostBackward, row.With("direction", "backward"));
            writer.Sample(row.Series.Counts.LostUnknown, row.With("direction", "unknown"));
        }

        Counter(
            rows, "meshpulse_path_queue_drops", "Replies that the receive queues of the path's own sockets dropped, those of other paths included.",
            c => c.ReceiveDrops);
        Counter(rows, "meshpulse_path_duplicates", "Extra copies of replies.", c => c.Duplicates);
        Counter(rows, "meshpulse_path_reordered", "Replies that came after one with a greater number of the same flow (RFC 4737).", c => c.Reordered);
        Counter(rows, "meshpulse_path_corrupted", "Packets from the reflector with a wrong form or signature.", c => c.Corrupted);
        Counter(rows, "meshpulse_path_strays", "Replies to nothing that was sent.", c => c.Strays);
        Counter(rows, "meshpulse_path_reflector_restarts", "Sessions that the reflector began to count anew.", c => c.Epochs);
    }

    private void WriteDelays(List<Row> rows)
    {
        writer.Family("meshpulse_path_round_trip_seconds", MetricKind.Histogram, "Round trips without the reflector's own time, by kernel times where there are any.", "seconds");
        var bounds = isFull ? PathSeries.Bounds : PathSeries.BriefBounds;
        foreach (var row in rows)
        {
            Histogram(bounds, row.Series.RoundTrip, row.Labels);
        }

        writer.Family("meshpulse_path_one_way_delay_seconds", MetricKind.Histogram, "One-way delays, as sure as meshpulse_path_one_way_bound_seconds says.", "seconds");
        bounds = isFull ? PathSeries.Bounds : [];
        foreach (var row in rows)
        {
            Histogram(bounds, row.Series.Forward, row.With("direction", "forward"));
            Histogram(bounds, row.Series.Backward, row.With("direction", "backward"));
        }

        writer.Family("meshpulse_path_delay_variation_seconds", MetricKind.Histogram, "How much delay changed from one packet of a flow to the next (RFC 3393), without sign.", "seconds");
        bounds = isFull ? PathSeries.VariationBounds : [];
        foreach (var row in rows)
        {
            Histogram(bounds, row.Series.ForwardVariation, row.With("direction", "forward"));
            Histogram(bounds, row.Series.BackwardVariation, row.With("direction", "backward"));
        }

        Gauge(rows, "meshpulse_path_one_way_bound_seconds", "By how much one-way delays of the last window (a second; 250 ms of the mesh's peers) can be off at most.", Bound, "seconds");
        Gauge(rows, "meshpulse_path_queue_free_seconds", "Shortest round trip of the last ten minutes.", s => s.Window?.QueueFree?.Seconds, "seconds");
    }

    private void WriteClocks(List<Row> rows)
    {
        writer.Family("meshpulse_path_clock_offset_seconds", MetricKind.Gauge, "By how much the other's clock is ahead: not less than low, not more than high; missing while unknown.", "seconds");
        foreach (var row in rows)
        {
            if (row.Series.Window?.Offset is { IsKnown: true } offset)
            {
                writer.Sample(offset.Low.Seconds, row.With("bound", "low"));
                writer.Sample(offset.High.Seconds, row.With("bound", "high"));
            }
        }

        writer.Family("meshpulse_path_clock_steps", MetricKind.Counter, "Steps of either clock that were found.");
        foreach (var row in rows.Where(r => IsTold(r.Series.ClockSteps)))
        {
            writer.Sample(row.Series.ClockSteps, row.Labels);
        }

        Gauge(
            rows, "meshpulse_path_reflector_synchronised", "1 where the reflector says that its clock is synchronised, else 0.",
            s => isFull && s.IsSynchronised is { } known ? known ? 1 : 0 : null);
        writer.Family("meshpulse_path_stamps", MetricKind.Counter, "Exchanges by whose times they have; all is every exchange that delays are made of.");
        foreach (var row in rows.Where(_ => isFull))
        {
            writer.Sample(row.Series.Stamps.Exchanges, row.With("stamp", "all"));
            writer.Sample(row.Series.Stamps.Send, row.With("stamp", "send_kernel"));
            writer.Sample(row.Series.Stamps.Reflector, row.With("stamp", "reflector_kernel"));
            writer.Sample(row.Series.Stamps.Receive, row.With("stamp", "receive_kernel"));
        }
    }

    private void WriteSeen(List<Row> rows)
    {
        writer.Family("meshpulse_path_hop_limit", MetricKind.Gauge, "Hop limit (TTL) with which the last probe, or its reply, arrived.");
        foreach (var row in rows.Where(_ => isFull))
        {
            Seen(row, "forward", row.Series.Window?.ForwardHopLimit);
            Seen(row, "backward", row.Series.Window?.BackwardHopLimit);
        }

        writer.Family("meshpulse_path_hop_limit_changes", MetricKind.Counter, "How often it differed from the one before.");
        foreach (var row in rows)
        {
            Changes(row, "forward", row.Series.Window?.ForwardHopLimit);
            Changes(row, "backward", row.Series.Window?.BackwardHopLimit);
        }

        Gauge(rows, "meshpulse_path_dscp_sent", "Code point with which probes leave.", s => isFull || IsRemarked(s) ? s.Window?.SentDscp : null);
        Gauge(
            rows, "meshpulse_path_dscp_seen", "Code point with which the last probe arrived; missing where the reflector does not say.",
            s => isFull || IsRemarked(s) ? s.Window?.SeenDscp.Last : null);
        Gauge(rows, "meshpulse_path_mtu_bytes", "Largest IP packet that passed; with mtu_probe only.", s => s.Window?.Mtu.Passing, "bytes");
    }

    private void WriteFlows(List<Row> rows)
    {
        writer.Family("meshpulse_path_flow_lost", MetricKind.Gauge, "Probes lost so far by a flow, all directions.");
        foreach (var row in rows)
        {
            foreach (var flow in row.Series.Flows)
            {
                var lost = (long)flow.LostForward + flow.LostBackward + flow.LostUnknown;
                if (IsTold(lost))
                {
                    var port = flow.SourcePort.ToString(CultureInfo.InvariantCulture);
                    var dscp = flow.Dscp.ToString(CultureInfo.InvariantCulture);
                    writer.Sample(lost, [.. row.With("source_port", port), new Label("dscp", dscp)]);
                }
            }
        }

        Gauge(rows, "meshpulse_path_flows", "Flows of the path.", s => isFull ? s.Flows.Count : null);
        Gauge(rows, "meshpulse_path_flows_dead", "Flows that lose everything while others do not.", s => s.DeadFlows.Count);
    }

    private static double? Bound(PathSeries series) =>
        series.Window is { Delays: { Forward.TotalCount: > 0, Bound: var bound } } ? bound.Seconds : null;

    private static bool IsRemarked(PathSeries series) => series.Window is { SeenDscp.Last: { } seen, SentDscp: var sent } && seen != sent;

    /// <summary>Whether a count of what seldom happens is worth a series.</summary>
    private bool IsTold(long count) => isFull || count > 0;

    private void Seen(Row row, string direction, SeenField? field)
    {
        if (field?.Last is { } last)
        {
            writer.Sample(last, row.With("direction", direction));
        }
    }

    private void Changes(Row row, string direction, SeenField? field)
    {
        if (field is { Changes: var changes } && IsTold(changes))
        {
            writer.Sample(changes, row.With("direction", direction));
        }
    }

    private void Counter(List<Row> rows, string name, string help, Func<PathCounts, long> pick, bool isSeldom = true)
    {
        writer.Family(name, MetricKind.Counter, help);
        foreach (var row in rows)
        {
            var count = pick(row.Series.Counts);
            if (!isSeldom || IsTold(count))
            {
                writer.Sample(count, row.Labels);
            }
        }
    }

    private void Histogram(ImmutableArray<long> bounds, ExplicitBuckets buckets, params ReadOnlySpan<Label> labels)
    {
        if (IsTold(buckets.TotalCount))
        {
            BucketSamples.WriteFewer(writer, bounds, 1e9, buckets, labels);
        }
    }

    private void Gauge(List<Row> rows, string name, string help, Func<PathSeries, double?> pick, string? unit = null)
    {
        writer.Family(name, MetricKind.Gauge, help, unit);
        foreach (var row in rows)
        {
            if (pick(row.Series) is { } value)
            {
                writer.Sample(value, row.Labels);
            }
        }
    }

    private sealed record Row(PathSeries Series, Label[] Labels)
    {
        public Label[] With(string name, string value) => [.. Labels, new Label(name, value)];
    }
}
