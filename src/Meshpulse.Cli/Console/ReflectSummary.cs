using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Console;

/// <summary>What a reflector says of itself when it ends.</summary>
public static class ReflectSummary
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For people: what came in all, then each reason that there was.</summary>
    public static string Text(StampReflectorCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var text = new StringBuilder();
        Line(text, "packets", counts.Packets, always: true);
        foreach (var (decision, count) in counts.Decisions)
        {
            Line(text, "  " + StampReflectorCounts.LabelOf(decision), count, always: decision == StampDecision.Answer);
        }

        Line(text, "sessions", counts.SessionsBegun, always: true);
        Line(text, "  expired", counts.SessionsExpired);
        Line(text, "  evicted", counts.SessionsEvicted);
        Line(text, "replies that this host did not send", counts.Unsent);
        Line(text, "packets dropped in this host's receive queue", counts.Drops);
        Line(text, "packets without a kernel stamp", counts.UserStamps);
        return text.ToString();
    }

    /// <summary>One object on one line; it has always the same members.</summary>
    /// <param name="endpoints">Where it listened.</param>
    /// <param name="since">When it began.</param>
    /// <param name="until">When it ended.</param>
    /// <param name="counts">What it did.</param>
    public static string Json(IReadOnlyList<NodeEndpoint> endpoints, WallTime since, WallTime until, StampReflectorCounts counts)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(counts);
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, s_options))
        {
            json.WriteStartObject();
            json.WriteStartArray("listen");
            foreach (var endpoint in endpoints)
            {
                json.WriteStringValue(endpoint.ToString());
            }

            json.WriteEndArray();
            json.WriteString("since", ReportTime.Json(since));
            json.WriteString("until", ReportTime.Json(until));
            WriteCounts(json, counts);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan) + "\n";
    }

    private static void WriteCounts(Utf8JsonWriter json, StampReflectorCounts counts)
    {
        json.WriteNumber("packets", counts.Packets);
        json.WriteStartObject("decisions");
        foreach (var (decision, count) in counts.Decisions)
        {
            json.WriteNumber(StampReflectorCounts.LabelOf(decision), count);
        }

        json.WriteEndObject();
        json.WriteStartObject("sessions");
        json.WriteNumber("begun", counts.SessionsBegun);
        json.WriteNumber("remembered", counts.Sessions);
        json.WriteNumber("expired", counts.SessionsExpired);
        json.WriteNumber("evicted", counts.SessionsEvicted);
        json.WriteEndObject();
        json.WriteNumber("unsent", counts.Unsent);
        json.WriteNumber("receive_queue_drops", counts.Drops);
        json.WriteStartObject("timestamps");
        json.WriteNumber("received_kernel", counts.KernelStamps);
        json.WriteNumber("received_user", counts.UserStamps);
        json.WriteNumber("sent_kernel", counts.SendStamps);
        json.WriteEndObject();
    }

    private static void Line(StringBuilder text, string what, long count, bool always = false)
    {
        if (always || count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{what}: {count}\n");
        }
    }
}
