using Meshpulse.Agent.Export;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// The metrics of a mesh agent: the seed's three histograms with its names, labels and buckets, and our own. All of them
/// are described in docs/metrics.md.
/// </summary>
internal sealed class MeshFamilies(AgentOptions options, MeshEngine engine, Collector collector, ProbeOutbox outbox)
{
    private static readonly double[] s_bounds = [.. Measurement.Bounds.Select(b => b / 1e6)];

    private readonly ProcessFamilies _process = new();

    /// <summary>Writes one exposition.</summary>
    public void Write(ExpositionWriter writer)
    {
        RuntimeFamilies.WriteBuild(writer, options.Version);
        collector.Read((peers, state) =>
        {
            var labels = new NodeLabels(options.Mesh.Self, peers.Select(p => p.Node));
            var rows = peers.OrderBy(p => p.Node).Select(p => new Row(p, labels.Of(options.Mesh.Self), labels.Of(p.Node))).ToList();
            WriteSeed(writer, rows);
            WritePeers(writer, rows, state);
            WriteOwn(writer);
        });
        WriteMesh(writer, engine.Counters);
        RuntimeFamilies.WriteGarbageCollector(writer);
        _process.Write(writer);
    }

    private static void WriteSeed(ExpositionWriter writer, List<Row> rows)
    {
        WriteHistograms(writer, rows, "meshmonitor_receive_seconds", "Time between heartbeats received from the peer.", s => s.Receive);
        WriteHistograms(writer, rows, "meshmonitor_delta_seconds", "Size of the difference between the stamp in a heartbeat and its receipt, by two wall clocks.", s => s.Delta);
        WriteHistograms(writer, rows, "meshmonitor_send_seconds", "Time between heartbeats sent to the peer.", s => s.Send);
    }

    private static void WriteHistograms(ExpositionWriter writer, List<Row> rows, string name, string help, Func<PeerSeries, Measurement> pick)
    {
        writer.Family(name, MetricKind.Histogram, help, "seconds");
        foreach (var row in rows)
        {
            WriteHistogram(writer, pick(row.Series).Buckets, new Label("host_name", row.Source), new Label("remote_host_name", row.Target));
        }
    }

    private static void WriteHistogram(ExpositionWriter writer, ExplicitBuckets buckets, params ReadOnlySpan<Label> labels)
    {
        Span<long> counts = stackalloc long[s_bounds.Length + 1];
        buckets.CopyCumulativeTo(counts);
        for (var i = counts.Length - 1; i > 0; i--)
        {
            counts[i] -= counts[i - 1];
        }

        writer.Histogram(s_bounds, counts, (double)buckets.Sum / 1e6, labels);
    }

    private static void WritePeers(ExpositionWriter writer, List<Row> rows, CollectorState state)
    {
        Counter(writer, rows, "meshpulse_heartbeats_received", "Heartbeats received from the peer.", s => s.Received);
        Counter(writer, rows, "meshpulse_heartbeats_sent", "Heartbeats sent to the peer.", s => s.Sent);
        Counter(writer, rows, "meshpulse_heartbeats_late", "Heartbeats sent later than half an interval after they were due.", s => s.Late);
        Counter(writer, rows, "meshpulse_receive_gaps", "Gaps between heartbeats above the threshold.", s => s.Gaps);
        writer.Family("meshpulse_heartbeats_unsent", MetricKind.Counter, "Heartbeats that were due and not sent; they are not loss.");
        foreach (var row in rows)
        {
            writer.Sample(row.Series.UnsentLate, row.Ends("reason", "late"));
            writer.Sample(row.Series.UnsentBackpressure, row.Ends("reason", "backpressure"));
        }

        writer.Family("meshpulse_arrivals", MetricKind.Counter, "Heartbeats received, by how their moment of arrival is known.");
        foreach (var row in rows)
        {
            writer.Sample(row.Series.Stamped, row.Ends("quality", "stamped"));
            writer.Sample(row.Series.Bunched, row.Ends("quality", "bunched"));
            writer.Sample(row.Series.Reconstructed, row.Ends("quality", "reconstructed"));
        }

        writer.Family("meshpulse_connected", MetricKind.Gauge, "1 while the peer is connected, 0 when it left.");
        foreach (var row in rows)
        {
            writer.Sample(row.Series.IsConnected ? 1 : 0, row.Ends());
        }

        writer.Family("meshpulse_silence_seconds", MetricKind.Gauge, "Time since the last heartbeat of a connected peer.", "seconds");
        foreach (var row in rows.Where(r => r.Series.IsConnected))
        {
            writer.Sample(Math.Max(0, (state.Now - row.Series.LastHeard).Seconds), row.Ends());
        }

        writer.Family("meshpulse_delta_signed_seconds", MetricKind.Gauge, "Extremes of receipt minus stamp, with their sign, in the last report window.", "seconds");
        foreach (var row in rows)
        {
            if (row.Series.LastSignedDelta is { } delta)
            {
                writer.Sample(delta.Min.Seconds, row.Ends("extreme", "min"));
                writer.Sample(delta.Max.Seconds, row.Ends("extreme", "max"));
            }
        }
    }

    private static void Counter(ExpositionWriter writer, List<Row> rows, string name, string help, Func<PeerSeries, long> pick)
    {
        writer.Family(name, MetricKind.Counter, help);
        foreach (var row in rows)
        {
            writer.Sample(pick(row.Series), row.Ends());
        }
    }

    private void WriteOwn(ExpositionWriter writer)
    {
        writer.Family("meshpulse_wakeup_error_seconds", MetricKind.Histogram, "How late the probing thread woke up.", "seconds");
        WriteHistogram(writer, collector.WakeErrors.Buckets);
        writer.Family("meshpulse_wakeup_error_window_seconds", MetricKind.Gauge, "Percentiles of how late the probing thread woke up in the last report window.", "seconds");
        foreach (var (percentile, lateness) in collector.WakeErrors.LastWindow)
        {
            writer.Sample(lateness.Seconds, new Label("percentile", percentile));
        }

        writer.Family("meshpulse_samples_dropped", MetricKind.Counter, "Measurements lost because the collector was too slow.");
        writer.Sample(outbox.Samples.Dropped);
        writer.Family("meshpulse_events_dropped", MetricKind.Counter, "Events lost because the collector was too slow.");
        writer.Sample(outbox.Events.Dropped + outbox.Gaps.Dropped);
        writer.Family("meshpulse_receive_stamps", MetricKind.Counter, "Reads by who stamped the arrival: the kernel, or the reader's own clock.");
        writer.Sample(engine.Stamps.Kernel, new Label("source", "kernel"));
        writer.Sample(engine.Stamps.User, new Label("source", "user"));
        writer.Family("meshpulse_probing_allocated_bytes", MetricKind.Counter, "Managed memory that the probing thread has allocated.", "bytes");
        writer.Sample(engine.AllocatedBytes);
        writer.Family("meshpulse_tuning_applied", MetricKind.Gauge, "1 where the system granted what makes the probing thread punctual, 0 where it refused.");
        foreach (var (what, result) in engine.Tuning.Items)
        {
            writer.Sample(result.Applied ? 1 : 0, new Label("what", what));
        }
    }

    private static void WriteMesh(ExpositionWriter writer, MeshCounters counters)
    {
        writer.Family("meshpulse_peers", MetricKind.Gauge, "Peers that are connected.");
        writer.Sample(counters.Connects - counters.Disconnects);
        writer.Family("meshpulse_connections", MetricKind.Gauge, "Connections in any state, calls under way included.");
        writer.Sample(counters.Connections);
        Single(writer, "meshpulse_connects", "Peers that joined, each time.", counters.Connects);
        Single(writer, "meshpulse_disconnects", "Peers that left, each time.", counters.Disconnects);
        Single(writer, "meshpulse_accepted", "Connections accepted.", counters.Accepted);
        Single(writer, "meshpulse_dials", "Calls begun.", counters.Dials);
        Single(writer, "meshpulse_dial_failures", "Calls that failed.", counters.DialFailures);
        Single(writer, "meshpulse_duplicate_connections", "Connections closed because another one to the same node stood.", counters.Duplicates);
        Single(writer, "meshpulse_peer_lists_read", "Peer lists taken in.", counters.ListsRead);
        Single(writer, "meshpulse_wakeups", "Times that the probing thread woke up.", counters.Wakeups);
        writer.Family("meshpulse_refused", MetricKind.Counter, "What came from outside and was refused, by reason.");
        foreach (var reason in Enum.GetValues<RefusalReason>())
        {
            if (reason != RefusalReason.None)
            {
                writer.Sample(counters.Refused[(int)reason], new Label("reason", RefusalLabels.Of(reason)));
            }
        }
    }

    private static void Single(ExpositionWriter writer, string name, string help, long value)
    {
        writer.Family(name, MetricKind.Counter, help);
        writer.Sample(value);
    }

    private readonly record struct Row(PeerSeries Series, string Source, string Target)
    {
        public Label[] Ends() => [new("source", Source), new("target", Target)];

        public Label[] Ends(string name, string value) => [new("source", Source), new("target", Target), new(name, value)];
    }
}
