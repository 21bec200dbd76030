using System.Text.Json;
using Meshpulse.Agent.Sounding;
using Meshpulse.Cli.Commands;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Cli.Console;

/// <summary>What TLVs told, as members of <see cref="ProbeJson"/>'s object; null is what was not told, or not asked.</summary>
internal static class ProbeTlvJson
{
    /// <summary>The members <c>dscp</c> and <c>tlvs</c>.</summary>
    public static void Write(Utf8JsonWriter json, SoundingResult result)
    {
        json.WriteStartObject("dscp");
        json.WriteNumber("sent", result.CodePoints.Sent);
        JsonNumbers.WriteNumber(json, "seen", result.CodePoints.Seen);
        json.WriteNumber("changed", result.CodePoints.Changed);
        json.WriteEndObject();

        var tlvs = result.Tlvs;
        json.WriteStartObject("tlvs");
        WriteNames(json, "asked", tlvs.Asked);
        WriteNames(json, "not_understood", tlvs.Unrecognised);
        WriteTime(json, tlvs.Time);
        WriteBoolean(json, "access_returned", tlvs.Asked.HasFlag(StampTlvSet.AccessReport) ? tlvs.Access == StampForm.AccessReport : null);
        json.WriteEndObject();
    }

    /// <summary>The members <c>location</c> and <c>direct</c> of a flow.</summary>
    public static void Write(Utf8JsonWriter json, SoundingFlow flow, NodeEndpoint target)
    {
        if (flow.Location is { } location)
        {
            json.WriteStartObject("location");
            WriteEndpoint(json, "source", location.Source);
            WriteEndpoint(json, "destination", location.Destination);
            WriteBoolean(json, "source_translated", flow.IsSourceTranslated);
            WriteBoolean(json, "destination_translated", flow.IsTargetTranslated(target));
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("location");
        }

        if (flow.Direct is { } direct)
        {
            json.WriteStartObject("direct");
            json.WriteNumber("sent", direct.Sent);
            json.WriteNumber("received", direct.Received);
            json.WriteNumber("replied", direct.Replied);
            JsonNumbers.WriteNumber(json, "lost_forward", direct.LostForward);
            JsonNumbers.WriteNumber(json, "lost_backward", direct.LostBackward);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("direct");
        }
    }

    private static void WriteNames(Utf8JsonWriter json, string name, StampTlvSet tlvs)
    {
        json.WriteStartArray(name);
        foreach (var tlv in TlvNames.Of(tlvs))
        {
            json.WriteStringValue(tlv);
        }

        json.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter json, StampTimestampInformation? told)
    {
        if (told is not { } time)
        {
            json.WriteNull("time");
            return;
        }

        json.WriteStartObject("time");
        json.WriteString("arrival_source", NameOf(time.SourceIn));
        json.WriteString("arrival_method", NameOf(time.MethodIn));
        json.WriteString("departure_source", NameOf(time.SourceOut));
        json.WriteString("departure_method", NameOf(time.MethodOut));
        json.WriteEndObject();
    }

    private static void WriteEndpoint(Utf8JsonWriter json, string name, NodeEndpoint endpoint)
    {
        json.WriteStartObject(name);
        json.WriteString("address", endpoint.IsUnspecified ? null : endpoint.AddressText);
        JsonNumbers.WriteNumber(json, "port", endpoint.Port == 0 ? null : endpoint.Port);
        json.WriteEndObject();
    }

    private static void WriteBoolean(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } known)
        {
            json.WriteBoolean(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string? NameOf(StampSyncSource source) => source switch
    {
        StampSyncSource.None => null,
        StampSyncSource.Ntp => "ntp",
        StampSyncSource.Ptp => "ptp",
        StampSyncSource.SsuBits => "ssu_bits",
        StampSyncSource.Gnss => "gnss",
        StampSyncSource.FreeRunning => "free_running",
        _ => $"{(int)source}",
    };

    private static string? NameOf(StampTimestampMethod method) => method switch
    {
        StampTimestampMethod.None => null,
        StampTimestampMethod.HardwareAssist => "hardware",
        StampTimestampMethod.SoftwareLocal => "software",
        StampTimestampMethod.ControlPlane => "control_plane",
        _ => $"{(int)method}",
    };
}
