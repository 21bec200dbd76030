using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Analysis;

/// <summary>Names of directories and files that are made of names that anybody may have thought up.</summary>
public static class ReportName
{
    private const int LongestName = 120;
    private const int HashLength = 16;

    /// <summary>
    /// A directory's name for an analysis or a server, never empty, <c>.</c>, <c>..</c> or longer than 120 bytes. Ordinary names stay as they
    /// are. Slashes, control characters, percent signs and a dot or dash in front are written as <c>%2F</c>; what gets too
    /// long is cut, with a hash of the whole behind it. Different names give different results.
    /// </summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var bytes = Encoding.UTF8.GetBytes(name);
        var result = new StringBuilder(name.Length);
        var length = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            var isFirst = result.Length == 0;
            var written = IsSafe(rune, isFirst) ? rune.ToString() : Escaped(rune);
            length += Encoding.UTF8.GetByteCount(written);
            if (length > LongestName - HashLength - 1)
            {
                return $"{result}%{Convert.ToHexStringLower(SHA256.HashData(bytes))[..HashLength]}";
            }

            result.Append(written);
        }

        return result.Length == 0 ? "%" : result.ToString();
    }

    /// <summary>The file of a report that began at <paramref name="start"/>, UTC, such as <c>2022_03_25_09_56_37.txt</c>.</summary>
    /// <param name="attempt">0 for the first; others get a number, for what began in the same second.</param>
    public static string FileOf(WallTime start, int attempt)
    {
        var stamp = DateTime.UnixEpoch.AddTicks(start.Nanoseconds / 100).ToString("yyyy_MM_dd_HH_mm_ss", CultureInfo.InvariantCulture);
        return attempt == 0 ? $"{stamp}.txt" : string.Create(CultureInfo.InvariantCulture, $"{stamp}_{attempt:00}.txt");
    }

    /// <summary>Whether a file's name has the form that <see cref="FileOf"/> gives: no other file is ever deleted.</summary>
    public static bool IsReport(string fileName)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        const string Form = "0000_00_00_00_00_00";
        return fileName.EndsWith(".txt", StringComparison.Ordinal)
            && fileName.Length - 4 is var length
            && (length == Form.Length || (length == Form.Length + 3 && fileName[Form.Length] == '_' && char.IsAsciiDigit(fileName[^5]) && char.IsAsciiDigit(fileName[^6])))
            && Form.Zip(fileName).All(pair => pair.First == '_' ? pair.Second == '_' : char.IsAsciiDigit(pair.Second));
    }

    private static bool IsSafe(Rune rune, bool isFirst) =>
        rune.Value is not ('/' or '%' or '\\') && !Rune.IsControl(rune) && !(isFirst && rune.Value is '.' or '-');

    private static string Escaped(Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        var length = rune.EncodeToUtf8(bytes);
        return string.Concat(bytes[..length].ToArray().Select(b => $"%{b:X2}"));
    }
}
