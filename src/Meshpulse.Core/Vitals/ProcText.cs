using System.Text;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>
/// What all files of proc(5), sysfs(5) and cgroups(7) have in common: lines, words, unsigned numbers. Nothing here throws on any bytes, and nothing
/// allocates but <see cref="Name"/>. Numbers are digits and nothing else; one that does not fit a <see cref="long"/> is none, for its differences would be nonsense.
/// </summary>
internal static class ProcText
{
    private const int LongestName = 64;

    /// <summary>Takes the next line off; its end is not in it. The last one may lack its end.</summary>
    public static bool TryLine(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        var end = text.IndexOf((byte)'\n');
        line = end < 0 ? text : text[..end];
        var found = !text.IsEmpty;
        text = end < 0 ? default : text[(end + 1)..];
        return found;
    }

    /// <summary>Takes the next word off, between blanks and tabs; empty where there is none.</summary>
    public static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        var end = line.IndexOfAny((byte)' ', (byte)'\t');
        var word = end < 0 ? line : line[..end];
        line = line[word.Length..];
        return word;
    }

    /// <summary>A decimal number, 0 to 2⁶³ − 1.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> word, out long value) => TryDigits(word, 10, out value);

    /// <summary>The same in hexadecimal, without a prefix.</summary>
    public static bool TryHex(ReadOnlySpan<byte> word, out long value) => TryDigits(word, 16, out value);

    /// <summary>Takes the next word off and reads it as a number.</summary>
    public static bool TryNextNumber(ref ReadOnlySpan<byte> line, out long value) => TryNumber(Word(ref line), out value);

    /// <summary>The first word behind <paramref name="key"/> on the line that begins with it, as a number.</summary>
    /// <returns>Null where there is no such line or no number.</returns>
    public static long? NumberAfter(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        while (TryLine(ref text, out var line))
        {
            if (line.StartsWith(key))
            {
                line = line[key.Length..];
                return TryNextNumber(ref line, out var value) ? value : null;
            }
        }

        return null;
    }

    /// <summary>A count of some unit as a span of time; the longest one where it does not fit.</summary>
    public static Duration Span(long count, long nanosecondsEach) => new(count > long.MaxValue / nanosecondsEach ? long.MaxValue : count * nanosecondsEach);

    /// <summary>The sum of two numbers that are not negative; the greatest where it does not fit.</summary>
    public static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    /// <summary>A name for people and metrics: what is not printable ASCII becomes a question mark, and 64 characters are enough.</summary>
    public static string Name(ReadOnlySpan<byte> word)
    {
        Span<byte> clean = stackalloc byte[Math.Min(word.Length, LongestName)];
        for (var i = 0; i < clean.Length; i++)
        {
            clean[i] = word[i] is > 0x20 and < 0x7f ? word[i] : (byte)'?';
        }

        return Encoding.ASCII.GetString(clean);
    }

    private static bool TryDigits(ReadOnlySpan<byte> word, int radix, out long value)
    {
        value = 0;
        foreach (var letter in word)
        {
            var digit = Digit(letter);
            if (digit >= radix || value > (long.MaxValue - digit) / radix)
            {
                value = 0;
                return false;
            }

            value = (value * radix) + digit;
        }

        return !word.IsEmpty;
    }

    private static int Digit(byte letter) => letter switch
    {
        >= (byte)'0' and <= (byte)'9' => letter - '0',
        >= (byte)'a' and <= (byte)'f' => letter - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => letter - 'A' + 10,
        _ => int.MaxValue,
    };
}
