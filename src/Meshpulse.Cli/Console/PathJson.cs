using System.Text.Json;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Console;

/// <summary>
/// What STAMP tells of a pair, as the member <c>path</c> of its line: counts of the report's window, and of the last second the
/// distributions, the clocks and the flows. Microseconds with their fraction; what is not known is null.
/// </summary>
internal static class PathJson
{
    /// <summary>Writes the member.</summary>
    public static void Write(Utf8JsonWriter json, PathFigures? path)
    {
        path ??= new PathFigures(default, null, 0);
        json.WriteStartObject("path");
        WriteCounts(json, path.Recent);
        WriteDelays(json, "rtt_us", path.Last?.Delays.RoundTrip);
        WriteDelays(json, "forward_us", path.Last?.Delays.Forward);
        WriteDelays(json, "backward_us", path.Last?.Delays.Backward);
        JsonNumbers.WriteMicroseconds(json, "one_way_bound_us", path.Last is { Delays: { Forward.TotalCount: > 0, Bound: var bound } } ? bound : null);
        WriteOffset(json, path.Last?.Offset);
        JsonNumbers.WriteNumber(json, "hop_limit_forward", path.Last?.ForwardHopLimit.Last);
        JsonNumbers.WriteNumber(json, "hop_limit_backward", path.Last?.BackwardHopLimit.Last);
        JsonNumbers.WriteNumber(json, "dscp_seen", path.Last?.SeenDscp.Last);
        JsonNumbers.WriteNumber(json, "mtu_bytes", path.Last?.Mtu.Passing);
        json.WriteNumber("flows_dead", path.DeadFlows);
        WriteFlows(json, path.Last?.Flows ?? []);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, in PathCounts counts)
    {
        json.WriteNumber("sent", counts.Sent);
        json.WriteNumber("unsent", counts.Unsent);
        json.WriteNumber("answered", counts.Answered);
        json.WriteNumber("late", counts.Late);
        json.WriteNumber("lost_forward", counts.LostForward);
        json.WriteNumber("lost_backward", counts.LostBackward);
        json.WriteNumber("lost_unknown", counts.LostUnknown);
        json.WriteNumber("duplicates", counts.Duplicates);
        json.WriteNumber("reordered", counts.Reordered);
        json.WriteNumber("receive_drops", counts.ReceiveDrops);
    }

    private static void WriteDelays(Utf8JsonWriter json, string name, HdrHistogram? delays)
    {
        json.WriteStartObject(name);
        Write("min", d => d.ExactMin);
        Write("p50", d => Math.Clamp(d.ValueAtPercentile(50), d.ExactMin, d.ExactMax));
        Write("p99", d => Math.Clamp(d.ValueAtPercentile(99), d.ExactMin, d.ExactMax));
        Write("max", d => d.ExactMax);
        json.WriteEndObject();

        void Write(string member, Func<HdrHistogram, long> pick) =>
            JsonNumbers.WriteNumber(json, member, delays is { TotalCount: > 0 } some ? pick(some) / 1_000m : null);
    }

    private static void WriteOffset(Utf8JsonWriter json, OffsetInterval? offset)
    {
        var known = offset is { IsKnown: true } ? offset : null;
        json.WriteStartObject("offset_us");
        JsonNumbers.WriteMicroseconds(json, "low", known?.Low);
        JsonNumbers.WriteMicroseconds(json, "high", known?.High);
        json.WriteEndObject();
    }

    private static void WriteFlows(Utf8JsonWriter json, IReadOnlyList<FlowCounters> flows)
    {
        json.WriteStartArray("flows");
        foreach (var flow in flows)
        {
            json.WriteStartObject();
            json.WriteNumber("source_port", flow.SourcePort);
            json.WriteNumber("dscp", flow.Dscp);
            json.WriteNumber("sent", flow.Sent);
            json.WriteNumber("answered", flow.Answered);
            json.WriteNumber("lost_forward", flow.LostForward);
            json.WriteNumber("lost_backward", flow.LostBackward);
            json.WriteNumber("lost_unknown", flow.LostUnknown);
            JsonNumbers.WriteMicroseconds(json, "rtt_mean_us", flow.MeanRoundTrip);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
