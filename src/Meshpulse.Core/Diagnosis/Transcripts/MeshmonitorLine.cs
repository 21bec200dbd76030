namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>
/// The lines of meshmonitor: <c>HH:mm:ss [ADDRESS] text</c>, and rows of its table, <c>[ADDRESS] 15 cells</c> in three groups with a bar between. The table's times
/// are those of the line <c>Connected to N servers</c> before it.
/// </summary>
internal static class MeshmonitorLine
{
    private const int TimeLength = 8;
    private const int Cells = 5;

    /// <summary>An event's line, in its parts; the address is empty where it concerns no peer.</summary>
    public static bool TryEvent(ReadOnlySpan<char> line, out int second, out string address, out string text)
    {
        (second, address, text) = (0, "", "");
        if (line.Length < TimeLength + 4 || line[TimeLength] != ' ' || line[TimeLength + 1] != '[' || !LineText.TryTime(line[..TimeLength], out second))
        {
            return false;
        }

        var rest = line[(TimeLength + 2)..];
        var end = rest.IndexOf("] ");
        if (end < 0)
        {
            return false;
        }

        var name = rest[..end].Trim();
        (address, text) = (LineText.Name(name) ?? "", rest[(end + 2)..].Trim().ToString());
        return name.IsEmpty == (address.Length == 0);
    }

    /// <summary>One of the two lines above the rows.</summary>
    public static bool IsHeader(ReadOnlySpan<char> line) =>
        line.StartsWith("[ ") && (line.Contains("receive-(ms)", StringComparison.Ordinal) || line.Contains("  Max  Mean ", StringComparison.Ordinal));

    /// <summary>A row of the table.</summary>
    public static bool TryRow(ReadOnlySpan<char> line, out string address, out TranscriptFigures receive, out TranscriptFigures delta, out TranscriptFigures send)
    {
        (address, receive, delta, send) = ("", default, default, default);
        if (!line.StartsWith("["))
        {
            return false;
        }

        var end = line.IndexOf("] ");
        if (end < 0 || LineText.Name(line[1..end]) is not { } name)
        {
            return false;
        }

        address = name;
        var cells = line[(end + 2)..];
        var first = cells.IndexOf('|');
        var second = first < 0 ? -1 : cells[(first + 1)..].IndexOf('|') + first + 1;
        return second > first && first > 0
            && TryGroup(cells[..first], out receive) && TryGroup(cells[(first + 1)..second], out delta) && TryGroup(cells[(second + 1)..], out send);
    }

    /// <summary>How long it was, of <c>No heartbeat for 2.1 s</c>.</summary>
    public static double? SecondsOfSilence(ReadOnlySpan<char> text) =>
        LineText.TryBetween(ref text, "No heartbeat for ", " s", out var length) && LineText.TryFigure(length, out var seconds) && seconds is >= 0 and <= 1e6 ? seconds : null;

    /// <summary>
    /// Of <c>Gap 41.2 ms since 08:00:01.250; own stall within it 0.0 ms</c> the length and the stall in milliseconds, and the time of day when it began in milliseconds since
    /// midnight. <c>Gap so far</c> is one that lasts.
    /// </summary>
    public static bool TryGap(ReadOnlySpan<char> text, out double length, out double ownStall, out int since, out bool hasEnded)
    {
        (length, ownStall, since, hasEnded) = (0, 0, 0, !text.StartsWith("Gap so far "));
        var rest = text;
        if (!LineText.TryBetween(ref rest, hasEnded ? "Gap " : "Gap so far ", " ms since ", out var size) || !LineText.TryFigure(size, out var milliseconds)
            || milliseconds is not (>= 0 and <= 1e9) || rest.Length < 22 || !TryMoment(rest[" ms since ".Length..], out since))
        {
            return false;
        }

        length = milliseconds.Value;
        if (LineText.TryBetween(ref rest, "own stall within it ", " ms", out var stall) && LineText.TryFigure(stall, out var own) && own is >= 0 and <= 1e9)
        {
            ownStall = own.Value;
        }

        return true;
    }

    /// <summary>What a node calls itself in its first lines, as in <c>Binding to address 10.0.0.1:12222</c>; null in all others.</summary>
    public static string? OwnAddress(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("Starting mesh") || !LineText.TryBetween(ref text, "Binding to address ", "", out var address))
        {
            return null;
        }

        // Java prints NAME/ADDRESS:PORT.
        return LineText.Name(address[(address.LastIndexOf('/') + 1)..]);
    }

    private static bool TryMoment(ReadOnlySpan<char> text, out int milliseconds)
    {
        milliseconds = 0;
        if (text.Length < 12 || text[8] != '.' || !LineText.TryTime(text[..8], out var second) || !LineText.TryWhole(text[9..12], out var rest))
        {
            return false;
        }

        milliseconds = (second * 1_000) + (int)rest;
        return true;
    }

    private static bool TryGroup(ReadOnlySpan<char> text, out TranscriptFigures figures)
    {
        figures = default;
        Span<Range> parts = stackalloc Range[Cells + 1];
        if (text.Length > 200 || text.Split(parts, ' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) != Cells)
        {
            return false;
        }

        Span<double?> cells = new double?[Cells];
        for (var i = 0; i < Cells; i++)
        {
            if (!LineText.TryFigure(text[parts[i]], out cells[i]))
            {
                return false;
            }
        }

        figures = new TranscriptFigures(cells[0], cells[1], cells[2], cells[3], cells[4]);
        return true;
    }
}
