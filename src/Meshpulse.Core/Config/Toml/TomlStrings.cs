using System.Globalization;
using System.Text;

namespace Meshpulse.Core.Config.Toml;

/// <summary>
/// The four forms of a string. A bad escape or a control character is reported and passed over, since where the string ends is
/// still clear; only a string without an end gives null.
/// </summary>
internal sealed class TomlStrings(TomlCursor cursor, TomlDiagnostics diagnostics)
{
    /// <summary>Reads the string that starts at the quote here; null, once reported, where it has no end.</summary>
    public string? Read()
    {
        var opening = cursor.Position;
        var quote = cursor.Current;
        return cursor.TryTake(quote == '"' ? "\"\"\"" : "'''") ? ReadLines(quote, opening) : ReadLine();
    }

    /// <summary>Reads a string on one line, the only kind that can be a key.</summary>
    public string? ReadLine()
    {
        var opening = cursor.Position;
        var quote = cursor.Current;
        var text = new StringBuilder();
        cursor.Advance();
        while (!cursor.TryTake(quote))
        {
            if (cursor.AtLineEnd || diagnostics.Stopped)
            {
                diagnostics.Refuse(opening, $"this string is not closed: a {quote} is missing before {cursor.Found}");
                return null;
            }

            if (quote == '"' && cursor.Current == '\\')
                ReadEscape(text);
            else
                ReadCharacter(text);
        }

        return text.ToString();
    }

    private string? ReadLines(char quote, TomlPosition opening)
    {
        var text = new StringBuilder();
        cursor.TryTakeNewline();
        while (!TryClose(quote, text))
        {
            if (cursor.AtEnd || diagnostics.Stopped)
            {
                diagnostics.Refuse(opening, $"this string is not closed: {new string(quote, 3)} is missing before the end of the file");
                return null;
            }

            if (cursor.TryTakeNewline())
                text.Append('\n');
            else if (quote == '"' && cursor.Current == '\\')
                ReadEscapeOrFold(text);
            else
                ReadCharacter(text);
        }

        return text.ToString();
    }

    /// <summary>Three quotes close; the one or two that may stand before them belong to the text, so five in a row are two and the end.</summary>
    private bool TryClose(char quote, StringBuilder text)
    {
        var run = 0;
        while (run < 5 && cursor.Peek(run) == quote)
            run++;
        cursor.Advance(run);
        text.Append(quote, run < 3 ? run : run - 3);
        return run >= 3;
    }

    private void ReadCharacter(StringBuilder text)
    {
        if (cursor.AtControl)
            diagnostics.Refuse(cursor.Position, $"{cursor.Found} must not stand in a string; write it as an escape in \"...\"");
        text.Append(cursor.Current);
        cursor.Advance();
    }

    /// <summary>A backslash that ends a line takes the newline and all blanks and newlines behind it out of the text.</summary>
    private void ReadEscapeOrFold(StringBuilder text)
    {
        var behind = 1 + cursor.CountAhead(1, c => c is ' ' or '\t');
        if (cursor.Peek(behind) != '\n' && (cursor.Peek(behind) != '\r' || cursor.Peek(behind + 1) != '\n'))
        {
            ReadEscape(text);
            return;
        }

        cursor.Advance(behind);
        while (cursor.TryTakeNewline())
            cursor.SkipBlanks();
    }

    private void ReadEscape(StringBuilder text)
    {
        var at = cursor.Position;
        cursor.Advance();
        if (cursor.AtLineEnd)
            return; // The string is not closed, and that will be said.
        var simple = cursor.Current switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            '"' => '"',
            '\\' => '\\',
            _ => '\0',
        };
        if (simple != '\0')
        {
            text.Append(simple);
            cursor.Advance();
        }
        else if (cursor.Current is 'u' or 'U')
        {
            ReadCodePoint(text, at, cursor.Current == 'u' ? 4 : 8);
        }
        else
        {
            diagnostics.Refuse(at, $"\\ before {cursor.Found} is no escape; there are \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX, and '...' takes \\ as it is");
        }
    }

    private void ReadCodePoint(StringBuilder text, TomlPosition at, int digits)
    {
        var letter = cursor.Current;
        cursor.Advance();
        var start = cursor.Index;
        while (cursor.Index - start < digits && char.IsAsciiHexDigit(cursor.Current))
            cursor.Advance();
        var written = cursor.Since(start);
        if (written.Length < digits)
            diagnostics.Refuse(at, $"\\{letter} needs {digits} hexadecimal digits, here are {written.Length}");
        else if (!Rune.TryCreate(uint.Parse(written, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), out var rune))
            diagnostics.Refuse(at, $"\\{letter}{written} is no Unicode character: those are 0 to D7FF and E000 to 10FFFF");
        else
            text.Append(rune.ToString());
    }
}
