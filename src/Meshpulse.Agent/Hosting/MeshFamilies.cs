using Meshpulse.Agent.Export;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// The metrics of the mesh: the seed's three histograms with its names, labels and buckets, and our own. All of them
/// are described in docs/metrics.md.
/// </summary>
internal static class MeshFamilies
{
    private static readonly double[] s_bounds = [.. Measurement.Bounds.Select(b => b / 1e6)];

    /// <summary>Writes them; the series must not change meanwhile.</summary>
    public static void Write(ExpositionWriter writer, NodeEndpoint self, IReadOnlyCollection<PeerSeries> peers, CollectorState state)
    {
        var labels = new NodeLabels(self, peers.Select(p => p.Node));
        var rows = peers.OrderBy(p => p.Node).Select(p => new Row(p, labels.Of(self), labels.Of(p.Node))).ToList();
        WriteSeed(writer, rows);
        WritePeers(writer, rows, state);
    }

    /// <summary>Writes what a histogram of the seed's buckets holds.</summary>
    public static void WriteHistogram(ExpositionWriter writer, ExplicitBuckets buckets, params ReadOnlySpan<Label> labels) =>
        BucketSamples.Write(writer, s_bounds, 1e6, buckets, labels);

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

    /// <summary>Writes what the node counted; from any thread.</summary>
    public static void WriteCounters(ExpositionWriter writer, MeshCounters counters)
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
