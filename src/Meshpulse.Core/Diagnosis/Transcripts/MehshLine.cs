using System.Globalization;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>
/// The lines of mehsh: <c>2022-03-25 09:56:37 server: A -> B, ip: ADDRESS, req: 161, resp: 0, max_lat: None, min_lat: None, mode: normal, loss: 161, withloss</c>, and the same
/// of a datacenter without an address. Ours put other kinds of checks before the first word, and what they alone know behind the last.
/// </summary>
internal static class MehshLine
{
    private const int DateLength = 10;
    private const int TimeLength = 19;

    /// <summary>A line that begins with a date and a time; what follows is <paramref name="text"/>. Times are UTC.</summary>
    public static bool TryDated(string line, out WallTime at, out string text)
    {
        (at, text) = (default, "");
        if (line.Length < TimeLength + 2 || line[TimeLength] != ' ' || line[DateLength] != ' '
            || !DateOnly.TryParseExact(line.AsSpan(0, DateLength), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || day.Year is < 1970 or > 2200 || !LineText.TryTime(line.AsSpan(DateLength + 1, TimeLength - DateLength - 1), out var second))
        {
            return false;
        }

        var days = day.DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        (at, text) = (new WallTime(((days * 86_400L) + second) * 1_000_000_000), line[(TimeLength + 1)..]);
        return true;
    }

    /// <summary>A server's line, behind its time.</summary>
    public static bool TryServer(ReadOnlySpan<char> text, out string from, out string to, out string address, out TranscriptProbes probes, out bool isMaintenance)
    {
        (from, to, address, probes, isMaintenance) = ("", "", "", default, false);
        var rest = text;
        if (!TryNames(ref rest, "server: ", out var names) || !LineText.TryBetween(ref rest, ", ip: ", ", req: ", out var ip) || !TryFigures(ref rest, out probes, out isMaintenance))
        {
            return false;
        }

        (from, to, address) = (names.From, names.To, LineText.Name(ip) ?? "");
        return true;
    }

    /// <summary>A datacenter's line, behind its time.</summary>
    public static bool TryDatacenter(ReadOnlySpan<char> text, out string from, out string to, out TranscriptProbes probes)
    {
        (from, to, probes) = ("", "", default);
        var rest = text;
        if (!TryNames(ref rest, "datacenter: ", out var names) || !TryFigures(ref rest, out probes, out _))
        {
            return false;
        }

        (from, to) = (names.From, names.To);
        return true;
    }

    /// <summary>The names before the first comma that a field stands behind; the kind of check, one word, may stand before them.</summary>
    private static bool TryNames(ref ReadOnlySpan<char> rest, ReadOnlySpan<char> word, out (string From, string To) names)
    {
        names = ("", "");
        var at = rest.IndexOf(word);
        if (at < 0 || (at > 0 && (rest[at - 1] != ' ' || rest[..(at - 1)].Contains(' '))))
        {
            return false;
        }

        rest = rest[(at + word.Length)..];
        var end = rest.IndexOf(word[0] == 's' ? ", ip: " : ", req: ");
        var arrow = end < 0 ? -1 : rest[..end].IndexOf(" -> ");
        if (arrow < 0 || LineText.Name(rest[..arrow]) is not { } from || LineText.Name(rest[(arrow + 4)..end]) is not { } to)
        {
            return false;
        }

        names = (from, to);
        rest = rest[end..];
        return true;
    }

    private static bool TryFigures(ref ReadOnlySpan<char> rest, out TranscriptProbes probes, out bool isMaintenance)
    {
        (probes, isMaintenance) = (default, false);
        if (!LineText.TryBetween(ref rest, ", req: ", ", ", out var req) || !LineText.TryWhole(req, out var sent)
            || !LineText.TryBetween(ref rest, ", resp: ", ", ", out var resp) || !LineText.TryWhole(resp, out var answered)
            || !LineText.TryBetween(ref rest, ", max_lat: ", ", ", out var max) || !TryOption(max, out var longest)
            || !LineText.TryBetween(ref rest, ", min_lat: ", ", ", out var min) || !TryOption(min, out var shortest)
            || !LineText.TryBetween(ref rest, ", mode: ", ", ", out var mode) || answered > sent)
        {
            return false;
        }

        isMaintenance = mode is "MAINTENANCE";
        long? forward = null, backward = null;
        if (LineText.TryBetween(ref rest, ", forward: ", ", ", out var there) && LineText.TryWhole(there, out var lostThere)
            && LineText.TryBetween(ref rest, ", backward: ", ", ", out var back) && LineText.TryWhole(back, out var lostBack))
        {
            (forward, backward) = (lostThere, lostBack);
        }

        probes = new TranscriptProbes(sent, answered, shortest, longest, forward, backward);
        return true;
    }

    /// <summary><c>None</c>, or <c>Some(243)</c>.</summary>
    private static bool TryOption(ReadOnlySpan<char> text, out long? value)
    {
        value = null;
        if (text is "None")
        {
            return true;
        }

        if (!text.StartsWith("Some(") || !text.EndsWith(")") || !LineText.TryWhole(text[5..^1], out var number))
        {
            return false;
        }

        value = number;
        return true;
    }
}
