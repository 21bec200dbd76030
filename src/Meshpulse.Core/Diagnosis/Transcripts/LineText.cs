using System.Globalization;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>Pieces of lines from anywhere. Nothing here throws, whatever the text.</summary>
internal static class LineText
{
    /// <summary>Longer names than this are none.</summary>
    public const int LongestName = 255;

    // Beyond, sums would lose their sense; nothing real comes near.
    private const double LargestFigure = 1e10;

    /// <summary>The line without colours (ECMA-48 control sequences) and the carriage return at its end.</summary>
    public static string Plain(ReadOnlySpan<char> line)
    {
        line = line.TrimEnd('\r');
        if (!line.Contains('\e'))
        {
            return line.ToString();
        }

        var plain = new System.Text.StringBuilder(line.Length);
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] != '\e')
            {
                plain.Append(line[at]);
            }
            else if (at + 1 < line.Length && line[at + 1] == '[')
            {
                // Parameters, then one final byte from @ to ~.
                at += 2;
                while (at < line.Length && line[at] is < '@' or > '~')
                {
                    at++;
                }
            }
        }

        return plain.ToString();
    }

    /// <summary>Seconds since midnight of <c>HH:mm:ss</c>.</summary>
    public static bool TryTime(ReadOnlySpan<char> text, out int second)
    {
        second = 0;
        if (text.Length != 8 || text[2] != ':' || text[5] != ':'
            || !TryWhole(text[..2], out var h) || !TryWhole(text[3..5], out var m) || !TryWhole(text[6..], out var s) || h > 23 || m > 59 || s > 60)
        {
            return false;
        }

        second = (int)((h * 3_600) + (m * 60) + Math.Min(s, 59));
        return true;
    }

    /// <summary>A whole number of digits alone, up to 18 of them.</summary>
    public static bool TryWhole(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        return text.Length is > 0 and <= 18 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A figure with a point or, as some locales have it, a comma; a dash is none.</summary>
    public static bool TryFigure(ReadOnlySpan<char> text, out double? value)
    {
        value = null;
        if (text is "-")
        {
            return true;
        }

        Span<char> pointed = stackalloc char[24];
        if (text.Length is 0 or > 24)
        {
            return false;
        }

        text.Replace(pointed, ',', '.');
        if (!double.TryParse(pointed[..text.Length], NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            || !(Math.Abs(number) <= LargestFigure))
        {
            return false;
        }

        value = number;
        return true;
    }

    /// <summary>What stands between two words; the text behind is left in <paramref name="rest"/>. False where one of them is missing.</summary>
    public static bool TryBetween(ref ReadOnlySpan<char> rest, ReadOnlySpan<char> before, ReadOnlySpan<char> behind, out ReadOnlySpan<char> found)
    {
        found = default;
        var from = rest.IndexOf(before);
        if (from < 0)
        {
            return false;
        }

        var inner = rest[(from + before.Length)..];
        var length = behind.IsEmpty ? inner.Length : inner.IndexOf(behind);
        if (length < 0)
        {
            return false;
        }

        found = inner[..length];
        rest = inner[length..];
        return true;
    }

    /// <summary>A name as it may be kept, without blanks around it; null where it can't be one.</summary>
    public static string? Name(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.Length is 0 or > LongestName)
        {
            return null;
        }

        foreach (var c in text)
        {
            if (char.IsControl(c))
            {
                return null;
            }
        }

        return text.ToString();
    }
}
