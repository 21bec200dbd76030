using System.Text;
using System.Text.Json;
using Meshpulse.Agent.Tracing;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Console;

/// <summary>The result of <c>meshpulse trace</c> as one JSON object; every member is always there.</summary>
internal static class TraceJson
{
    /// <summary>The object and the line's end.</summary>
    public static string Format(TracingResult result, Func<NodeEndpoint, string?> name)
    {
        var report = result.Report;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("target", result.Target.AddressText);
            json.WriteString("protocol", TraceWords.NameOf(result.Protocol));
            JsonNumbers.WriteNumber(json, "port", result.Target.Port == 0 ? null : result.Target.Port);
            json.WriteNumber("rounds", report.Rounds);
            json.WriteBoolean("reached", report.Paths.Any(p => p.IsReached));
            WriteCounts(json, report.Counts);
            json.WriteNumber("unsent", report.Unsent);
            json.WriteNumber("duplicates", report.Duplicates);
            json.WriteNumber("refused", result.Refused + report.Unknown);
            json.WriteNumber("asked_up_to", report.AskedUpTo);
            json.WriteBoolean("one_at_a_time", report.IsSerial);
            json.WriteString("error", result.LastError);
            json.WriteStartObject("timestamps");
            json.WriteNumber("receive_kernel", result.KernelStamps);
            json.WriteNumber("receive_user", result.UserStamps);
            json.WriteEndObject();
            json.WriteString("warning", TraceWords.Warning);
            WritePaths(json, result);
            WriteHops(json, result, name);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    private static void WritePaths(Utf8JsonWriter json, TracingResult result)
    {
        json.WriteStartArray("flows");
        foreach (var path in result.Report.Paths)
        {
            json.WriteStartObject();
            json.WriteNumber("flow", path.Flow + 1);
            json.WriteNumber(result.Protocol == TracingProtocol.Icmp ? "identifier" : "source_port", result.FlowIds[path.Flow]);
            json.WriteBoolean("reached", path.IsReached);
            JsonNumbers.WriteNumber(json, "hops", path.End);
            json.WriteNumber("last_answer", path.LastAnswer);
            json.WriteString("refusal", TraceWords.Of(path.Refusal));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteHops(Utf8JsonWriter json, TracingResult result, Func<NodeEndpoint, string?> name)
    {
        json.WriteStartArray("hops");
        foreach (var hop in result.Report.Hops)
        {
            json.WriteStartObject();
            json.WriteNumber("hop", hop.TimeToLive);
            json.WriteBoolean("destination", hop.IsDestination);
            json.WriteBoolean("likely_rate_limited", hop.IsLikelyRateLimited);
            WriteCounts(json, hop.Counts);
            WriteDelays(json, hop.Delays);
            WriteAddresses(json, hop, name);
            json.WriteStartArray("flows");
            foreach (var flow in hop.Flows)
            {
                json.WriteStartObject();
                json.WriteNumber("flow", flow.Flow + 1);
                json.WriteNumber(result.Protocol == TracingProtocol.Icmp ? "identifier" : "source_port", result.FlowIds[flow.Flow]);
                json.WriteString("address", flow.Addresses is [var main, ..] ? main.From.AddressText : null);
                WriteCounts(json, flow.Counts);
                WriteDelays(json, flow.Delays);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAddresses(Utf8JsonWriter json, TraceHop hop, Func<NodeEndpoint, string?> name)
    {
        json.WriteStartArray("addresses");
        var seen = hop.Flows.SelectMany(flow => flow.Addresses.Select(address => (flow.Flow, Address: address)));
        foreach (var group in seen.GroupBy(s => s.Address.From))
        {
            json.WriteStartObject();
            json.WriteString("address", group.Key.AddressText);
            json.WriteString("name", name(group.Key) is { } known ? SingleLine.Of(known) : null);
            json.WriteNumber("answers", group.Sum(s => s.Address.Answers));
            json.WriteStartArray("flows");
            foreach (var (flow, _) in group)
            {
                json.WriteNumberValue(flow + 1);
            }

            json.WriteEndArray();
            var newest = group.Last().Address;
            json.WriteBoolean("destination", newest.Kind == TraceAnswerKind.Destination);
            json.WriteString("refusal", TraceWords.Of(newest.Refusal));
            JsonNumbers.WriteNumber(json, "reply_ttl", newest.TimeToLive < 0 ? null : newest.TimeToLive);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCounts(Utf8JsonWriter json, TraceCounts counts)
    {
        json.WriteNumber("sent", counts.Sent);
        json.WriteNumber("answered", counts.Answered);
        json.WriteNumber("late", counts.Late);
        json.WriteNumber("lost", counts.Lost);
        json.WriteNumber("unattributed", counts.Unattributed);
        JsonNumbers.WriteFraction(json, "loss_percent", counts.Loss is { } loss ? Math.Round(loss * 100, 3) : null);
    }

    private static void WriteDelays(Utf8JsonWriter json, TraceDelays? delays)
    {
        json.WriteStartObject("delay_ms");
        JsonNumbers.WriteMilliseconds(json, "best", delays?.Best.Milliseconds);
        JsonNumbers.WriteMilliseconds(json, "mean", delays?.Mean.Milliseconds);
        JsonNumbers.WriteMilliseconds(json, "worst", delays?.Worst.Milliseconds);
        JsonNumbers.WriteMilliseconds(json, "last", delays?.Last.Milliseconds);
        json.WriteEndObject();
    }
}
