using System.Text.RegularExpressions;

namespace Meshpulse.Lab.Verdicts;

/// <summary>A line in which a node says a verdict.</summary>
/// <param name="Observer">The node's address.</param>
/// <param name="Event">What happened to the verdict: <c>changed</c>, <c>again</c>, <c>ended</c>; empty where it began.</param>
/// <param name="What">The verdict.</param>
/// <param name="Where">The place, as printed.</param>
/// <param name="Line">The whole line.</param>
internal sealed partial record Saying(string Observer, string Event, string What, string Where, string Line)
{
    private const int Condensed = 260;

    /// <summary>Whether it blames: an end of one that was said before does not.</summary>
    public bool IsBlame => Event != "ended";

    /// <summary>Reads a line; null where it is no verdict's.</summary>
    public static Saying? Read(string observer, string line)
    {
        var match = VerdictLine().Match(line);
        return match.Success
            ? new Saying(observer, match.Groups["event"].Value, match.Groups["what"].Value, match.Groups["where"].Value, line)
            : null;
    }

    /// <summary>The line, without what to do, and cut where it is still long.</summary>
    public override string ToString()
    {
        var text = Line.Split("; ")[0];
        return $"{Observer}: {(text.Length <= Condensed ? text : text[..Condensed])}";
    }

    [GeneratedRegex(@" VERDICT ((?<event>changed|again|ended): )?(?<what>[a-z_]+\.[a-z_]+) (?<where>.+?) since \d\d:\d\d:\d\d\.\d{3}, ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex VerdictLine();
}
