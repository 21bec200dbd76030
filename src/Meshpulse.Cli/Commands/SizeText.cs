using System.Globalization;

namespace Meshpulse.Cli.Commands;

/// <summary>Numbers of bytes as people write them: <c>1073741824</c>, <c>512M</c>, <c>4G</c>; powers of 1,024.</summary>
internal static class SizeText
{
    private const long Most = 1L << 50;

    /// <summary>Reads one.</summary>
    /// <exception cref="UsageException">It is none, or too small or too large.</exception>
    public static long Read(string spelling, string text, long least)
    {
        var start = $"{spelling} {UsageException.Echo(text)}";
        var unit = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 };
        var digits = unit > 0 ? text.AsSpan(0, text.Length - 1) : text;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new UsageException($"{start}: not a number of bytes; it is written as in 512M or 4G");
        }

        if (number > Most >> unit)
        {
            throw new UsageException($"{start}: must be at most {Most >> 40}T");
        }

        return number << unit >= least ? number << unit : throw new UsageException($"{start}: must be at least {least >> 20}M");
    }
}
