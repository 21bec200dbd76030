using System.Globalization;
using System.Text;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.Fleet.Logs;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Console;

/// <summary>What a node says is and was wrong, for people: the most important first, with the numbers and what to do.</summary>
public static class DiagnosisText
{
    private const int MostNames = 10;

    private static readonly string[] s_quiet = ["host.left", "host.maintenance", "host.restarted", "path.changed"];

    /// <summary>The whole text; times in UTC, as the nodes' clocks have them.</summary>
    public static string Of(VerdictDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var (now, past) = Sorted(document);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{SingleLine.Of(document.Node)}, {ReportTime.Text(document.Now)} UTC: {(now.Count == 0 ? "nothing is wrong" : Count(now.Count) + " wrong")}");
        text.Append(past.Count == 0 ? "\n" : string.Create(CultureInfo.InvariantCulture, $"; {past.Count} within the last hour\n"));
        AppendAll(text, document.Now, now, past, "Within the last hour");
        return text.ToString();
    }

    /// <summary>The same of what logs tell: it ends where they end. Before it what was said as it went, since an incident keeps its last name only.</summary>
    /// <param name="document">What was judged.</param>
    /// <param name="replay">How.</param>
    public static string OfLogs(VerdictDocument document, FleetReplay replay)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(replay);
        var nodes = replay.Nodes;
        var (now, past) = Sorted(document);
        var text = new StringBuilder();
        foreach (var (at, change) in replay.Changes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{ReportTime.Text(at)} {SingleLine.Of(VerdictText.Brief(change))}\n");
        }

        text.Append(replay.Changes.Count > 0 ? "\n" : "");
        var names = string.Join(", ", nodes.Take(MostNames).Select(SingleLine.Of)) + (nodes.Count > MostNames ? string.Create(CultureInfo.InvariantCulture, $" and {nodes.Count - MostNames} more") : "");
        text.Append(CultureInfo.InvariantCulture, $"logs of {names}, {ReportTime.Text(replay.From)} to {ReportTime.Text(document.Now)} UTC: ");
        text.Append((now.Count, past.Count) switch
        {
            (0, 0) => "nothing was wrong\n",
            (0, var before) => string.Create(CultureInfo.InvariantCulture, $"at the end nothing is wrong; {before} before\n"),
            (var left, 0) => $"at the end {Count(left)} wrong\n",
            var (left, before) => string.Create(CultureInfo.InvariantCulture, $"at the end {Count(left)} wrong; {before} before\n"),
        });
        AppendAll(text, document.Now, now, past, "Before the end");
        return text.ToString();
    }

    /// <summary>What is wrong now, the most important first, and what was, the latest first.</summary>
    private static (List<VerdictEntry> Now, List<VerdictEntry> Past) Sorted(VerdictDocument document) => (
        [.. document.Verdicts.Where(v => v.Until is null).OrderBy(Rank).ThenByDescending(v => v.Confidence).ThenBy(v => v.Since)],
        [.. document.Verdicts.Where(v => v.Until is not null).OrderByDescending(v => v.Until)]);

    private static void AppendAll(StringBuilder text, WallTime at, List<VerdictEntry> now, List<VerdictEntry> past, string titleOfPast)
    {
        now.ForEach(v => Append(text, v, at));
        if (past.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{titleOfPast}, the latest first:\n");
            past.ForEach(v => Append(text, v, at));
        }
    }

    private static string Count(int count) => count == 1 ? "1 thing is" : string.Create(CultureInfo.InvariantCulture, $"{count} things are");

    /// <summary>What more is wrong with comes first, what an operator did himself last.</summary>
    private static int Rank(VerdictEntry verdict) => s_quiet.Contains(verdict.What) ? 9 : verdict.Where.Kind switch
    {
        "mesh" => 0,
        "datacenter" => 1,
        "datacenters" or "datacenter_path" => 2,
        "host" => verdict.What.StartsWith("clock.", StringComparison.Ordinal) ? 6 : 3,
        "pair" => 4,
        "path" => 5,
        _ => 7,
    };

    private static void Append(StringBuilder text, VerdictEntry verdict, WallTime now)
    {
        var length = VerdictText.Span(Duration.Max(Duration.Zero, (verdict.Until ?? now) - verdict.Since));
        var time = verdict.Until is { } until
            ? $"{ReportTime.Text(verdict.Since)} to {ReportTime.Text(until)} ({length})"
            : $"since {ReportTime.Text(verdict.Since)} ({length})";
        var again = verdict.Recurrences switch
        {
            0 => "",
            1 => ", came again once",
            var n => string.Create(CultureInfo.InvariantCulture, $", came again {n} times"),
        };
        text.Append(CultureInfo.InvariantCulture, $"\n{SingleLine.Of(verdict.What)} {SingleLine.Of(PlaceOf(verdict.Where))}\n");
        text.Append(CultureInfo.InvariantCulture, $"    {time}, {Math.Floor(verdict.Confidence * 100):0} % sure{again}\n");
        foreach (var evidence in verdict.Evidence)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {SingleLine.Of(VerdictText.Of(evidence))}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"    > {SingleLine.Of(verdict.Suggestion)}\n");
    }

    internal static string PlaceOf(VerdictWhere where) => where.ToPlace() is { } place ? place.ToString() : where.Kind;
}
