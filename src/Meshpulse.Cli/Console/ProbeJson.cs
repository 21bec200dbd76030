using System.Text;
using System.Text.Json;
using Meshpulse.Agent.Sounding;

namespace Meshpulse.Cli.Console;

/// <summary>The result of <c>meshpulse probe</c> as one JSON object; every member is always there.</summary>
internal static class ProbeJson
{
    /// <summary>The object and the line's end.</summary>
    public static string Format(SoundingResult result)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("target", result.Target.ToString());
            json.WriteString("protocol", NameOf(result.Protocol));
            json.WriteNumber("size", result.Size);
            WriteCounts(json, result.Counts, result.Unsent);
            WriteDelays(json, "rtt_ms", result.RoundTrip);
            WriteDelays(json, "forward_ms", result.Forward);
            WriteDelays(json, "backward_ms", result.Backward);
            WriteOffset(json, result);
            WriteStamps(json, result);
            ProbeTlvJson.Write(json, result);
            json.WriteNumber("reflector_restarts", result.Restarts);
            json.WriteNumber("clock_steps", result.ClockSteps);
            json.WriteNumber("refused", result.Refused);
            json.WriteStartArray("flows");
            foreach (var flow in result.Flows)
            {
                json.WriteStartObject();
                json.WriteNumber("source_port", flow.SourcePort);
                WriteCounts(json, flow.Counts, null);
                ProbeTlvJson.Write(json, flow, result.Target);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    /// <summary>The protocol as it is written on the command line.</summary>
    public static string NameOf(SoundingProtocol protocol) => protocol switch
    {
        SoundingProtocol.UdpPing => "udp_ping",
        SoundingProtocol.Twamp => "twamp",
        _ => "stamp",
    };

    private static void WriteCounts(Utf8JsonWriter json, SoundingCounts counts, long? unsent)
    {
        json.WriteNumber("sent", counts.Sent);
        if (unsent is { } number)
        {
            json.WriteNumber("unsent", number);
        }

        json.WriteNumber("answered", counts.Answered);
        json.WriteNumber("late", counts.Late);
        json.WriteNumber("lost_forward", counts.LostForward);
        json.WriteNumber("lost_backward", counts.LostBackward);
        json.WriteNumber("lost_unknown", counts.LostUnknown);
        json.WriteNumber("duplicates", counts.Duplicates);
        json.WriteNumber("reordered", counts.Reordered);
    }

    private static void WriteDelays(Utf8JsonWriter json, string name, SoundingDelays? delays)
    {
        json.WriteStartObject(name);
        JsonNumbers.WriteMilliseconds(json, "min", delays?.Min);
        JsonNumbers.WriteMilliseconds(json, "mean", delays?.Mean);
        JsonNumbers.WriteMilliseconds(json, "p50", delays?.P50);
        JsonNumbers.WriteMilliseconds(json, "p90", delays?.P90);
        JsonNumbers.WriteMilliseconds(json, "p99", delays?.P99);
        JsonNumbers.WriteMilliseconds(json, "p999", delays?.P999);
        JsonNumbers.WriteMilliseconds(json, "max", delays?.Max);
        json.WriteEndObject();
    }

    private static void WriteOffset(Utf8JsonWriter json, SoundingResult result)
    {
        var isKnown = result.Offset.IsKnown;
        json.WriteStartObject("offset_ms");
        JsonNumbers.WriteMilliseconds(json, "low", isKnown ? result.Offset.Low.Milliseconds : null);
        JsonNumbers.WriteMilliseconds(json, "high", isKnown ? result.Offset.High.Milliseconds : null);
        json.WriteEndObject();
    }

    private static void WriteStamps(Utf8JsonWriter json, SoundingResult result)
    {
        json.WriteStartObject("timestamps");
        json.WriteString("send", result.Stamps.Send);
        json.WriteString("receive", result.Stamps.Receive);
        json.WriteNumber("send_kernel", result.Stamps.SendKernel);
        json.WriteNumber("send_user", result.Stamps.SendUser);
        json.WriteNumber("receive_kernel", result.Stamps.ReceiveKernel);
        json.WriteNumber("receive_user", result.Stamps.ReceiveUser);
        json.WriteString("reflector", result.Stamps.Reflector);
        json.WriteNumber("reflector_kernel", result.Stamps.ReflectorKernel);
        if (result.TargetSynchronised is { } synchronised)
        {
            json.WriteBoolean("target_synchronised", synchronised);
        }
        else
        {
            json.WriteNull("target_synchronised");
        }

        json.WriteEndObject();
    }
}
