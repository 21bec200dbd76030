using System.Globalization;
using System.Text;

namespace Meshpulse.Cli.Console;

/// <summary>
/// Text measured in the cells of a terminal: East Asian wide characters take two, marks that join the character before them none
/// (Unicode Standard Annex #11; roughly, as terminals differ).
/// </summary>
internal static class CellText
{
    private const string Mark = "..";

    /// <summary>How many cells a text takes.</summary>
    public static int Width(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += Width(rune);
        }

        return width;
    }

    /// <summary>The text in at most so many cells: the beginning and two dots where it is longer.</summary>
    public static string CutEnd(string text, int cells)
    {
        if (Width(text) <= cells)
        {
            return text;
        }

        return cells <= Mark.Length ? Head(text, cells) : Head(text, cells - Mark.Length) + Mark;
    }

    /// <summary>The same with the end kept, where that tells one text from another.</summary>
    public static string CutStart(string text, int cells)
    {
        if (Width(text) <= cells)
        {
            return text;
        }

        return cells <= Mark.Length ? Tail(text, cells) : Mark + Tail(text, cells - Mark.Length);
    }

    private static string Head(string text, int cells)
    {
        var (length, width) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            width += Width(rune);
            if (width > cells)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }

    private static string Tail(string text, int cells)
    {
        var (start, width) = (0, Width(text));
        foreach (var rune in text.EnumerateRunes())
        {
            if (width <= cells)
            {
                break;
            }

            width -= Width(rune);
            start += rune.Utf16SequenceLength;
        }

        return text[start..];
    }

    private static int Width(Rune rune) => rune.Value switch
    {
        < 0x300 => 1,
        _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) => 2,
        (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) => 2,
        (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF) or (>= 0x1F900 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) => 2,
        _ => 1,
    };
}
