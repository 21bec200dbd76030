using System.Text;
using Meshpulse.Core.Config.Toml;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Config.Toml;

/// <summary>
/// Random documents as plain objects: a table is a dictionary, an array a list, the rest are the values that TOML knows. And the
/// comparison of such a document with a parsed one.
/// </summary>
internal static class TomlModel
{
    private static readonly string[] Pieces =
        ["a", "Z", "0", "-", "_", " ", "\t", "\n", "\"", "\"\"\"", "'", "'''", "\\", "\\n", "#", "=", ".", "]", "é", "𝄞", "\u0001", "\0", "\r", "\u007F", "\b", "\uFEFF", "\u2028"];

    public static Dictionary<string, object> Table(SplitMix64 random, int depth)
    {
        var table = new Dictionary<string, object>(StringComparer.Ordinal);
        for (var n = random.Below(5); n > 0; n--)
            table[Text(random, bare: random.Below(3) > 0)] = Value(random, depth);
        return table;
    }

    /// <summary>The first difference with its path, or null where there is none.</summary>
    public static string? Difference(object expected, TomlValue actual, string path = "$") => (expected, actual) switch
    {
        (Dictionary<string, object> table, TomlTable found) when table.Count == found.Entries.Count =>
            table.Select(pair => found[pair.Key] is { } value ? Difference(pair.Value, value, $"{path}.{pair.Key}") : $"{path}.{pair.Key} is missing")
                .FirstOrDefault(d => d is not null),
        (List<object> list, TomlArray found) when list.Count == found.Items.Count =>
            list.Select((item, i) => Difference(item, found.Items[i], $"{path}[{i}]")).FirstOrDefault(d => d is not null),
        (string s, TomlString { Value: var found }) when s == found => null,
        (long i, TomlInteger { Value: var found }) when i == found => null,
        (double d, TomlFloat { Value: var found }) when BitConverter.DoubleToInt64Bits(d) == BitConverter.DoubleToInt64Bits(found) => null,
        (bool b, TomlBoolean { Value: var found }) when b == found => null,
        (OffsetDateTime t, TomlOffsetDateTime { Value: var found }) when t == found => null,
        (LocalDateTime t, TomlLocalDateTime { Value: var found }) when t == found => null,
        (LocalDate t, TomlLocalDate { Value: var found }) when t == found => null,
        (LocalTime t, TomlLocalTime { Value: var found }) when t == found => null,
        _ => $"{path}: {expected.GetType().Name} {expected} expected, {actual.Kind} {actual} found",
    };

    private static object Value(SplitMix64 random, int depth) => random.Below(depth > 0 ? 13 : 8) switch
    {
        0 => Text(random, bare: false),
        1 => (long)random.Next() >> random.Below(64),
        2 => Float(random),
        3 => random.Below(2) == 0,
        4 => new OffsetDateTime(new LocalDateTime(Date(random), Time(random)), random.Below(3) == 0 ? 0 : random.Below(2879) - 1439),
        5 => new LocalDateTime(Date(random), Time(random)),
        6 => Date(random),
        7 => Time(random),
        8 => List(random, () => Value(random, depth - 1)),
        9 or 10 => List(random, () => Table(random, depth - 1)),
        _ => Table(random, depth - 1),
    };

    private static List<object> List(SplitMix64 random, Func<object> element) =>
        [.. Enumerable.Range(0, random.Below(4)).Select(_ => element())];

    private static double Float(SplitMix64 random) => random.Below(6) switch
    {
        0 => double.PositiveInfinity,
        1 => double.NegativeInfinity,
        2 => -0.0,
        3 => random.Below(100_000) / 64.0,
        _ => BitConverter.UInt64BitsToDouble(random.Next()) is var d && double.IsNaN(d) ? 1.0 : d,
    };

    private static string Text(SplitMix64 random, bool bare)
    {
        var text = new StringBuilder();
        for (var n = random.Below(bare ? 3 : 8); n >= (bare ? 0 : 1); n--)
            text.Append(Pieces[random.Below(bare ? 5 : Pieces.Length)]);
        return text.ToString();
    }

    private static LocalDate Date(SplitMix64 random)
    {
        LocalDate date;
        do
            date = new LocalDate(random.Below(10_000), 1 + random.Below(12), 1 + random.Below(31));
        while (!date.IsValid);
        return date;
    }

    private static LocalTime Time(SplitMix64 random) =>
        new(random.Below(24), random.Below(60), random.Below(61), random.Below(2) == 0 ? 0 : random.Below(1_000_000_000));
}
