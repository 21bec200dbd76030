using System.Globalization;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Console;

/// <summary>Verdicts in a line for people.</summary>
public static class VerdictText
{
    private const int MostEvidence = 3;

    /// <summary>
    /// What happened to a verdict, as in <c>VERDICT host.frozen 10.0.0.5 since 13:02:10.312, 96 % sure: gap from 10.0.0.5 2,130 ms at 10.0.0.1; look for ...</c>;
    /// one that ended says how long it was.
    /// </summary>
    public static string Of(VerdictChange change)
    {
        var verdict = change.Verdict;
        var named = $"{VerdictKinds.IdOf(verdict.What)} {verdict.Where}";
        return change.Kind switch
        {
            VerdictChangeKind.Begun => $"VERDICT {named} {Told(verdict)}",
            VerdictChangeKind.Changed => $"VERDICT changed: {named} {Told(verdict)}",
            VerdictChangeKind.Recurred => $"VERDICT again: {named} {Told(verdict)}",
            _ => $"VERDICT ended: {named} since {Time(verdict.Since)}, after {Span((verdict.Until ?? verdict.Since) - verdict.Since)}",
        };
    }

    /// <summary>The same without when it began, which the local clock tells there, and what to do: <c>VERDICT host.frozen 10.0.0.5, 96 % sure: gap ...</c>.</summary>
    public static string Brief(VerdictChange change)
    {
        var verdict = change.Verdict;
        var word = change.Kind switch
        {
            VerdictChangeKind.Begun => "",
            VerdictChangeKind.Changed => "changed: ",
            VerdictChangeKind.Recurred => "again: ",
            _ => "ended: ",
        };
        var named = $"VERDICT {word}{VerdictKinds.IdOf(verdict.What)} {verdict.Where}";
        if (change.Kind == VerdictChangeKind.Ended)
        {
            return $"{named}, after {Span((verdict.Until ?? verdict.Since) - verdict.Since)}";
        }

        var entry = VerdictEntry.Of(verdict);
        var evidence = string.Join(", ", entry.Evidence.Take(MostEvidence).Select(Of));
        return string.Create(CultureInfo.InvariantCulture, $"{named}, {Math.Floor(entry.Confidence * 100):0} % sure{(evidence.Length > 0 ? ": " : "")}{evidence}");
    }

    /// <summary>A piece of evidence, as in <c>gap from web2 2,130 ms at web1 (usually 5 ms)</c>.</summary>
    public static string Of(VerdictEvidenceEntry evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        var usually = evidence.Baseline is { } baseline ? $" (usually {Number(baseline, evidence.Unit)})" : "";
        var at = evidence.Node is { Length: > 0 } node ? $" at {node}" : "";
        return $"{evidence.Figure} {Number(evidence.Value, evidence.Unit)}{at}{usually}";
    }

    /// <summary>A length, as in <c>2.1 s</c>, <c>3 min 20 s</c> or <c>2 h 5 min</c>.</summary>
    public static string Span(Duration length)
    {
        var seconds = length.Seconds;
        return seconds switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
            < 3_600 => string.Create(CultureInfo.InvariantCulture, $"{(long)seconds / 60} min {(long)seconds % 60} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(long)seconds / 3_600} h {(long)seconds % 3_600 / 60} min"),
        };
    }

    private static string Told(Verdict verdict)
    {
        var entry = VerdictEntry.Of(verdict);
        var evidence = string.Join(", ", entry.Evidence.Take(MostEvidence).Select(Of));
        var why = evidence.Length > 0 ? $"{evidence}; {verdict.Suggestion}" : verdict.Suggestion;
        return string.Create(CultureInfo.InvariantCulture, $"since {Time(verdict.Since)}, {Math.Floor(entry.Confidence * 100):0} % sure: {why}");
    }

    private static string Time(WallTime at) =>
        DateTimeOffset.UnixEpoch.AddTicks(at.Nanoseconds / 100).ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string Number(double value, string unit)
    {
        var digits = Math.Abs(value) switch { >= 100 => "#,##0", >= 10 => "0.#", _ => "0.##" };
        return value.ToString(digits, CultureInfo.InvariantCulture) + (unit is { Length: > 0 } ? " " + unit : "");
    }
}
