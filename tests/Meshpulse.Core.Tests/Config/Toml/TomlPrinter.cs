using System.Globalization;
using System.Text;
using Meshpulse.Core.Config.Toml;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Config.Toml;

/// <summary>
/// Prints a document of <see cref="TomlModel"/> in ways chosen at random among all that TOML has for the same content: headers,
/// dotted keys and braces, the four kinds of strings, the four bases, blanks, comments and line ends.
/// </summary>
internal sealed class TomlPrinter(SplitMix64 random)
{
    private readonly StringBuilder _text = new();

    public string Print(Dictionary<string, object> root)
    {
        var (lines, later) = Split(Shuffled(root), prefix: "", path: "", allowLater: true);
        Lines(lines);
        foreach (var section in Shuffled(later))
            section();
        var text = _text.ToString();
        return random.Below(2) == 0 ? text : text.Replace("\n", "\r\n", StringComparison.Ordinal);
    }

    private bool Chance(int oneIn) => random.Below(oneIn) == 0;

    private string Blank() => random.Below(4) switch { 0 => " ", 1 => "\t", 2 => "  ", _ => "" };

    private string Comment() => Chance(4) ? $"# {Pick("", "é", "]", "\"", "'''", "a = 1")}" : "";

    private T Pick<T>(params T[] choices) => choices[random.Below(choices.Length)];

    private List<T> Shuffled<T>(IEnumerable<T> items) => [.. items.Select(item => (Key: random.Next(), item)).OrderBy(pair => pair.Key).Select(pair => pair.item)];

    /// <summary>
    /// Divides a table's content into lines for its own section, those of tables written as dotted keys included, and sections
    /// that stand elsewhere.
    /// </summary>
    private (List<string> Lines, List<Action> Later) Split(IEnumerable<KeyValuePair<string, object>> content, string prefix, string path, bool allowLater)
    {
        var lines = new List<string>();
        var later = new List<Action>();
        foreach (var (name, value) in content)
        {
            var key = prefix + Key(name);
            var inner = path + Key(name);
            if (value is Dictionary<string, object> table && allowLater && Chance(2))
            {
                later.Add(() => Section(inner, table));
            }
            else if (value is Dictionary<string, object> { Count: > 0 } dotted && Chance(2))
            {
                var nested = Split(Shuffled(dotted), $"{key}{Blank()}.{Blank()}", $"{inner}{Blank()}.{Blank()}", allowLater);
                lines.AddRange(nested.Lines);
                later.AddRange(nested.Later);
            }
            else if (value is List<object> { Count: > 0 } list && list.TrueForAll(item => item is Dictionary<string, object>) && allowLater && Chance(2))
            {
                later.Add(() => Elements(inner, list));
            }
            else
            {
                lines.Add($"{key}{Blank()}={Blank()}{Value(value)}");
            }
        }

        return (Shuffled(lines), later);
    }

    private void Section(string path, Dictionary<string, object> table)
    {
        // Where the tables within come first, none of them may hang on a dotted key of this section: its header comes too late.
        var childrenFirst = Chance(3);
        var isSection = table.ToLookup(pair => childrenFirst && pair.Value is Dictionary<string, object>);
        var (lines, later) = Split(Shuffled(isSection[false]), "", path + ".", allowLater: true);
        later.AddRange(isSection[true].Select(pair => (Action)(() => Section($"{path}.{Key(pair.Key)}", (Dictionary<string, object>)pair.Value))));
        if (!childrenFirst)
            Own();
        foreach (var section in Shuffled(later))
            section();
        if (childrenFirst)
            Own();

        void Own()
        {
            // A table with nothing of its own needs no header, if another header names it by the way.
            if (lines.Count == 0 && later.Count > 0 && Chance(2))
                return;
            Header($"[{Blank()}{path}{Blank()}]");
            Lines(lines);
        }
    }

    private void Elements(string path, List<object> elements)
    {
        foreach (var element in elements)
        {
            Header($"[[{Blank()}{path}{Blank()}]]");
            var (lines, later) = Split(Shuffled((Dictionary<string, object>)element), "", path + ".", allowLater: true);
            Lines(lines);
            foreach (var section in Shuffled(later))
                section();
        }
    }

    private void Header(string header) => _text.Append(Blank()).Append(header).Append(Blank()).Append(Comment()).Append('\n');

    private void Lines(List<string> lines)
    {
        foreach (var line in lines)
        {
            if (Chance(5))
                _text.Append(Blank()).Append(Comment()).Append('\n');
            _text.Append(Blank()).Append(line).Append(Blank()).Append(Comment()).Append('\n');
        }
    }

    private string Key(string name)
    {
        var isBare = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        return isBare && !Chance(4) ? name : OnOneLine(name);
    }

    private string Value(object value) => value switch
    {
        string s => Chance(2) ? OnOneLine(s) : OverLines(s),
        long i => Integer(i),
        double d => Float(d),
        bool b => b ? "true" : "false",
        List<object> list => List(list),
        Dictionary<string, object> table => Inline(table),
        OffsetDateTime or LocalDateTime => DateTime($"{value}"),
        _ => $"{value}",
    };

    private string DateTime(string written)
    {
        if (written.EndsWith('Z'))
            written = written[..^1] + Pick("Z", "z", "+00:00", "-00:00");
        return written.Replace("T", Pick("T", "t", " "), StringComparison.Ordinal);
    }

    private string Integer(long value)
    {
        if (value < 0 || Chance(2))
            return (value >= 0 && Chance(3) ? "+" : "") + Grouped(value.ToString(CultureInfo.InvariantCulture));
        return random.Below(3) switch
        {
            0 => "0x" + Grouped(value.ToString(Pick("x", "X", "x20"), CultureInfo.InvariantCulture)),
            1 => "0o" + Grouped(Convert.ToString(value, 8)),
            _ => "0b" + Grouped(Convert.ToString(value, 2)),
        };
    }

    private string Grouped(string digits)
    {
        var at = 1 + random.Below(digits.Length);
        return at < digits.Length && char.IsAsciiLetterOrDigit(digits[at - 1]) && Chance(2) ? digits.Insert(at, "_") : digits;
    }

    private string Float(double value)
    {
        if (double.IsInfinity(value))
            return value < 0 ? "-inf" : Pick("inf", "+inf");
        var written = value.ToString(Chance(2) ? "R" : "E16", CultureInfo.InvariantCulture);
        if (Chance(2))
            written = written.Replace('E', 'e');
        return written.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? written + Pick(".0", "e0", "E-0", ".0_0e+0_0") : written;
    }

    private string List(List<object> items)
    {
        var text = new StringBuilder("[").Append(Gap());
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(Value(items[i])).Append(Gap());
            if (i < items.Count - 1 || Chance(3))
                text.Append(',').Append(Gap());
        }

        return text.Append(']').ToString();
    }

    private string Gap() => Chance(3) ? $"{Blank()}{Comment()}\n{Blank()}" : Blank();

    private string Inline(Dictionary<string, object> table)
    {
        var (lines, _) = Split(Shuffled(table), "", "", allowLater: false);
        return $"{{{Blank()}{string.Join($"{Blank()},{Blank()}", lines)}{Blank()}}}";
    }

    private string OnOneLine(string text) =>
        Chance(2) && !text.Any(c => c is '\'' or '\n' || IsForbidden(c)) ? $"'{text}'" : $"\"{Escaped(text, overLines: false)}\"";

    private string OverLines(string text)
    {
        // A newline right behind the opening quotes is dropped, so one that belongs to the text needs another before it.
        var start = text.StartsWith('\n') || Chance(2) ? "\n" : "";
        return Chance(2) && !text.Contains("'''", StringComparison.Ordinal) && !text.Any(IsForbidden)
            ? $"'''{start}{text}'''"
            : $"\"\"\"{start}{Escaped(text, overLines: true)}\"\"\"";
    }

    private static bool IsForbidden(char c) => c is (< ' ' and not '\t' and not '\n') or '\x7F';

    private string Escaped(string text, bool overLines)
    {
        var escaped = new StringBuilder();
        var (quotes, folded) = (0, false);
        foreach (var rune in text.EnumerateRunes())
        {
            var isQuote = rune.Value == '"';
            var mustEscape = rune.Value is '\\' or 0x7F or (< ' ' and not '\t' and not '\n')
                || (isQuote && (!overLines || quotes == 2)) || (rune.Value == '\n' && !overLines)
                || (folded && rune.Value is ' ' or '\t' or '\n');
            quotes = isQuote && !mustEscape ? quotes + 1 : 0;
            escaped.Append(mustEscape || Chance(8) ? Escape(rune) : rune.ToString());
            folded = overLines && Chance(10);
            if (folded)
                (escaped, quotes) = (escaped.Append('\\').Append(Blank()).Append('\n').Append(Pick("", " ", "\t \n", "\n\n")), 0);
        }

        return escaped.ToString();
    }

    private string Escape(Rune rune)
    {
        var simple = "\b\t\n\f\r\"\\".IndexOf((char)Math.Min(rune.Value, 0xFFFF), StringComparison.Ordinal);
        if (simple >= 0 && Chance(2))
            return $"\\{"btnfr\"\\"[simple]}";
        return rune.IsBmp && Chance(2) ? $"\\u{rune.Value.ToString(Pick("x4", "X4"), CultureInfo.InvariantCulture)}" : $"\\U{rune.Value:X8}";
    }
}
