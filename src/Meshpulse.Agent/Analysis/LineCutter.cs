using System.Text;

namespace Meshpulse.Agent.Analysis;

/// <summary>
/// Makes lines of bytes that come in pieces. A line of more than <see cref="LongestLine"/> bytes is told in several, so that
/// nothing can make us hold more; control characters, which could forge lines or move a terminal's cursor, become question marks.
/// </summary>
internal sealed class LineCutter(Action<string> onLine)
{
    public const int LongestLine = 4096;

    private readonly byte[] _line = new byte[LongestLine];
    private int _held;

    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            var fitting = Math.Min(part.Length, LongestLine - _held);
            part[..fitting].CopyTo(_line.AsSpan(_held));
            _held += fitting;
            if (fitting < part.Length)
            {
                TellWholeCharacters();
                bytes = bytes[fitting..];
            }
            else if (end >= 0)
            {
                Tell(_held);
                bytes = bytes[(end + 1)..];
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Tells a last line that has no line feed.</summary>
    public void End()
    {
        if (_held > 0)
        {
            Tell(_held);
        }
    }

    private void TellWholeCharacters()
    {
        // A character that was cut begins at most three bytes before the end.
        var length = _held;
        while (length > _held - 4 && (_line[length - 1] & 0xC0) == 0x80)
        {
            length--;
        }

        var isCut = length > _held - 4 && _line[length - 1] >= 0xC0;
        Tell(isCut ? length - 1 : _held);
    }

    private void Tell(int length)
    {
        var line = _line.AsSpan(0, length);
        var text = Encoding.UTF8.GetString(line is [.. var head, (byte)'\r'] ? head : line);
        var rest = _held - length;
        _line.AsSpan(length, rest).CopyTo(_line);
        _held = rest;
        onLine(OneLine(text));
    }

    /// <summary>The text with its control characters made harmless; a tab stays.</summary>
    public static string OneLine(string text) =>
        text.Any(IsUnwanted) ? string.Concat(text.Select(c => IsUnwanted(c) ? '?' : c)) : text;

    private static bool IsUnwanted(char c) => char.IsControl(c) && c != '\t';
}
