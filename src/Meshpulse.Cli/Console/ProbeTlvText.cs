using System.Globalization;
using System.Text;
using Meshpulse.Agent.Sounding;
using Meshpulse.Cli.Commands;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Cli.Console;

/// <summary>What TLVs told, as lines of <see cref="ProbeText"/>'s summary. Nothing is said of what was not asked.</summary>
internal static class ProbeTlvText
{
    /// <summary>The lines of a result; none at all where nothing was asked and code points stayed as they were.</summary>
    public static void Append(StringBuilder text, SoundingResult result)
    {
        AppendCodePoints(text, result.CodePoints);
        if (result.Counts.Answered + result.Counts.Late == 0)
        {
            return;
        }

        var asked = result.Tlvs.Asked & ~result.Tlvs.Unrecognised;
        AppendLocation(text, result, asked);
        AppendTime(text, result.Tlvs.Time, asked);
        AppendDirect(text, result, asked);
        AppendAccess(text, result.Tlvs.Access, asked);
        // Without a wish of the user's nobody has to know that these two are asked for.
        if ((result.Tlvs.Asked & StampTlvSet.Optional) != StampTlvSet.None && result.Tlvs.Unrecognised != StampTlvSet.None)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"not understood by the target: {string.Join(", ", TlvNames.Of(result.Tlvs.Unrecognised))}\n");
        }
    }

    private static void AppendCodePoints(StringBuilder text, SoundingCodePoints points)
    {
        if (points.Changed > 0)
        {
            _ = text.Append(
                CultureInfo.InvariantCulture,
                $"dscp: {points.Changed} requests that left with {points.Sent} arrived with another, the last one that was seen is {points.Seen}\n");
        }
    }

    private static void AppendLocation(StringBuilder text, SoundingResult result, StampTlvSet asked)
    {
        if (!asked.HasFlag(StampTlvSet.Location))
        {
            return;
        }

        var told = result.Flows.Where(f => f.Location is not null).ToList();
        if (told.Count == 0)
        {
            _ = text.Append("location: the target tells nothing of it\n");
            return;
        }

        AppendSource(text, told);
        var changed = told.Find(f => f.IsTargetTranslated(result.Target) == true);
        if (changed is { Location: { } location })
        {
            _ = text.Append(
                CultureInfo.InvariantCulture,
                $"location: the target was asked as {Text(location.Destination)} and not as {result.Target}: addresses are translated in front of it\n");
        }
    }

    private static void AppendSource(StringBuilder text, List<SoundingFlow> told)
    {
        var changed = told.Where(f => f.IsSourceTranslated == true).ToList();
        var flow = changed.FirstOrDefault() ?? told[0];
        var seen = Text(flow.Location!.Value.Source);
        var more = changed.Count > 1 ? $" (and {changed.Count - 1} flows more)" : "";
        _ = flow.IsSourceTranslated switch
        {
            true => text.Append(
                CultureInfo.InvariantCulture, $"location: the target sees us as {seen} and not as {flow.Local}{more}: addresses are translated on the way\n"),
            false => text.Append(CultureInfo.InvariantCulture, $"location: the target sees us as {seen}, as we are\n"),
            null => text.Append("location: the target does not tell as what it sees us\n"),
        };
    }

    private static string Text(NodeEndpoint endpoint) => endpoint switch
    {
        { IsUnspecified: true } => $"port {endpoint.Port}",
        { Port: 0 } => endpoint.AddressText,
        _ => endpoint.ToString(),
    };

    private static void AppendTime(StringBuilder text, StampTimestampInformation? told, StampTlvSet asked)
    {
        if (!asked.HasFlag(StampTlvSet.TimestampInformation))
        {
            return;
        }

        _ = told is { } time
            ? text.Append(CultureInfo.InvariantCulture, $"time: {Text(time)}\n")
            : text.Append("time: the target tells nothing of its clock\n");
    }

    private static string Text(StampTimestampInformation time)
    {
        var arrivals = $"by {NameOf(time.SourceIn)}, stamped {NameOf(time.MethodIn)}";
        var replies = $"by {NameOf(time.SourceOut)}, stamped {NameOf(time.MethodOut)}";
        return arrivals == replies ? $"the target goes {arrivals}" : $"for arrivals the target goes {arrivals}; for replies {replies}";
    }

    private static void AppendDirect(StringBuilder text, SoundingResult result, StampTlvSet asked)
    {
        if (!asked.HasFlag(StampTlvSet.DirectMeasurement))
        {
            return;
        }

        var told = result.Flows.Select(f => f.Direct).OfType<SoundingDirect>().ToList();
        if (told.Count == 0)
        {
            _ = text.Append("direct measurement: the target keeps no counters\n");
            return;
        }

        var (sent, received) = (told.Sum(d => d.Sent), told.Sum(d => d.Received));
        var compared = told.Where(d => d.LostForward is not null).ToList();
        var lost = compared.Count == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $"; between the first and last reply {compared.Sum(d => d.LostForward)} were lost forward, {compared.Sum(d => d.LostBackward)} backward");
        _ = text.Append(CultureInfo.InvariantCulture, $"direct measurement: of {sent} sent the target counts {received} received{lost}\n");
    }

    private static void AppendAccess(StringBuilder text, StampAccessReport? returned, StampTlvSet asked)
    {
        if (asked.HasFlag(StampTlvSet.AccessReport))
        {
            var words = returned == StampForm.AccessReport ? "gave it back" : "did not give it back";
            _ = text.Append(CultureInfo.InvariantCulture, $"access report: a non-3GPP access is up; the target {words}\n");
        }
    }

    private static string NameOf(StampSyncSource source) => source switch
    {
        StampSyncSource.None => "a clock of which nothing is told",
        StampSyncSource.Ntp => "NTP",
        StampSyncSource.Ptp => "PTP",
        StampSyncSource.SsuBits => "SSU or BITS",
        StampSyncSource.Gnss => "GNSS",
        StampSyncSource.FreeRunning => "a clock of its own that nothing sets",
        _ => $"source {(int)source}",
    };

    private static string NameOf(StampTimestampMethod method) => method switch
    {
        StampTimestampMethod.None => "nobody tells how",
        StampTimestampMethod.HardwareAssist => "by hardware",
        StampTimestampMethod.SoftwareLocal => "by software",
        StampTimestampMethod.ControlPlane => "by the control plane",
        _ => $"by method {(int)method}",
    };
}
