using System.Globalization;
using System.Text;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Console;

/// <summary>
/// A report as lines of text. Those of udp_ping are the original's to the character, since scripts cut them up; the other kinds put
/// their name before the first word and what they alone know behind the last.
/// </summary>
public static class CheckLines
{
    private static readonly CheckKind[] s_kinds = Enum.GetValues<CheckKind>();

    /// <summary>
    /// The lines as one block, each with its line feed: by kind, udp_ping first; the servers of a kind in the report's order, then
    /// its datacenters. Empty for a report without pairs. Latencies are whole microseconds, rounded down.
    /// </summary>
    public static string Format(CheckReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var start = ReportTime.Text(report.At);
        var lines = new StringBuilder();
        foreach (var kind in s_kinds)
        {
            foreach (var pair in report.Pairs.Where(pair => pair.Probe.Kind == kind))
            {
                AppendServer(lines.Append(start), pair, report.IsMaintenance);
            }

            foreach (var sum in report.Datacenters.Where(sum => sum.Kind == kind))
            {
                AppendDatacenter(lines.Append(start), sum, report.IsMaintenance);
            }
        }

        return lines.ToString();
    }

    /// <summary>A note as a line with its line feed.</summary>
    public static string Format(CheckNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        return $"{ReportTime.Text(note.At)} {SingleLine.Of(note.Text)}\n";
    }

    private static void AppendServer(StringBuilder lines, ProbeReport pair, bool isMaintenance)
    {
        var (probe, kind) = (pair.Probe, pair.Probe.Kind);
        lines.Append(' ').Append(Prefix(kind)).Append("server: ").Append(SingleLine.Of(probe.From.Name)).Append(" -> ").Append(SingleLine.Of(probe.To.Name))
            .Append(", ip: ").Append(SingleLine.Of(pair.Address));
        AppendFigures(lines, pair.Window, isMaintenance);
        if (CheckKinds.HasPort(kind))
        {
            lines.Append(CultureInfo.InvariantCulture, $", port: {probe.Target.Port}");
            AppendPath(lines, pair.Path);
        }
        else if (kind == CheckKind.Http)
        {
            AppendHttp(lines.Append(", url: ").Append(SingleLine.Of(probe.Url ?? "")), pair.Http);
        }

        lines.Append('\n');
    }

    private static void AppendDatacenter(StringBuilder lines, DatacenterReport sum, bool isMaintenance)
    {
        lines.Append(' ').Append(Prefix(sum.Kind)).Append("datacenter: ").Append(SingleLine.Of(sum.From)).Append(" -> ").Append(SingleLine.Of(sum.To));
        AppendFigures(lines, sum.Window, isMaintenance);
        lines.Append('\n');
    }

    private static void AppendFigures(StringBuilder lines, in WindowSums window, bool isMaintenance)
    {
        lines.Append(CultureInfo.InvariantCulture, $", req: {window.Decided}, resp: {window.Answered}, max_lat: ");
        Append(lines, window.Max?.Microseconds).Append(", min_lat: ");
        Append(lines, window.Min?.Microseconds).Append(", mode: ").Append(isMaintenance ? "MAINTENANCE" : "normal");
        lines.Append(CultureInfo.InvariantCulture, $", loss: {window.Lost}, ").Append(window.Lost == 0 ? "withoutloss" : "withloss");
    }

    private static void AppendHttp(StringBuilder lines, HttpFigures? http)
    {
        lines.Append(", status: ").Append(http?.Status?.ToString(CultureInfo.InvariantCulture) ?? "None");
        AppendPhase(lines, "resolve", http?.Resolve);
        AppendPhase(lines, "connect", http?.Connect);
        AppendPhase(lines, "tls", http?.Tls);
        AppendPhase(lines, "first_byte", http?.FirstByte);
        AppendPhase(lines, "total", http?.Total);
        Append(lines.Append(", cert_days: "), http?.CertificateDays);
        if (http?.Failure is { } failure)
        {
            lines.Append(", failure: ").Append(SingleLine.Of(failure));
        }
    }

    private static void AppendPath(StringBuilder lines, PathFigures? path)
    {
        if (path is not { Recent: var recent })
        {
            return;
        }

        lines.Append(CultureInfo.InvariantCulture, $", forward: {recent.LostForward}, backward: {recent.LostBackward}, unknown: {recent.LostUnknown}");
        if (path is { DeadFlows: > 0, Last.Flows.Count: var flows })
        {
            lines.Append(CultureInfo.InvariantCulture, $", dead flows: {path.DeadFlows} of {flows}");
        }
    }

    private static void AppendPhase(StringBuilder lines, string name, Duration? length) =>
        Append(lines.Append(", ").Append(name).Append(": "), length?.Microseconds);

    private static StringBuilder Append(StringBuilder lines, long? number) =>
        number is { } some ? lines.Append(CultureInfo.InvariantCulture, $"Some({some})") : lines.Append("None");

    private static string Prefix(CheckKind kind) => kind == CheckKind.UdpPing ? "" : CheckKinds.NameOf(kind) + " ";
}
