using System.Globalization;
using System.Text;

namespace Meshpulse.Agent.Tests.Export;

/// <summary>
/// A small strict reader of both formats, written from their descriptions and not from the writer. It throws FormatException
/// at whatever a scraper might refuse.
/// </summary>
internal sealed class ParsedExposition
{
    private readonly bool _openMetrics;
    private string? _family;

    private ParsedExposition(bool openMetrics) => _openMetrics = openMetrics;

    public sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

    public Dictionary<string, string> Types { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Helps { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Units { get; } = new(StringComparer.Ordinal);

    public List<Sample> Samples { get; } = [];

    public static ParsedExposition Read(byte[] page, bool openMetrics)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(page);
        Require(text.EndsWith('\n') || text.Length == 0, "last line without its end");
        var parsed = new ParsedExposition(openMetrics);
        var lines = text.Split('\n')[..^1];
        if (openMetrics)
        {
            Require(lines is [.., "# EOF"], "no # EOF");
            lines = lines[..^1];
        }

        foreach (var line in lines)
        {
            Require(!line.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029'), "a line that other readers would split: " + line);
            parsed.ReadLine(line);
        }

        return parsed;
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new FormatException(what);
        }
    }

    private void ReadLine(string line)
    {
        if (!line.StartsWith('#'))
        {
            ReadSample(line);
            return;
        }

        var parts = line.Split(' ', 4);
        Require(parts.Length == 4 && parts[0] == "#", line);
        var target = parts[1] switch
        {
            "TYPE" => Types,
            "HELP" => Helps,
            "UNIT" when _openMetrics => Units,
            _ => throw new FormatException(line),
        };
        _family = parts[2];
        Require(target.TryAdd(parts[2], parts[1] == "HELP" ? Unescape(parts[3]) : parts[3]), "twice: " + line);
    }

    private void ReadSample(string line)
    {
        var at = 0;
        var name = Name(line, ref at);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (line[at] == '{')
        {
            at++;
            do
            {
                var label = Name(line, ref at);
                Require(line[at] == '=' && line[at + 1] == '"', line);
                var end = at + 2;
                while (line[end] != '"')
                {
                    end += line[end] == '\\' ? 2 : 1;
                }

                Require(labels.TryAdd(label, Unescape(line[(at + 2)..end])), "label twice: " + line);
                at = end + 1;
            }
            while (line[at++] == ',');
            Require(line[at - 1] == '}', line);
        }

        Require(line[at] == ' ', line);
        Samples.Add(new Sample(name, labels, Number(line[(at + 1)..])));
        Require(_family is not null && BelongsTo(name, _family), $"{name} stands under {_family}");
    }

    private bool BelongsTo(string name, string family)
    {
        var suffixes = Types[family] switch
        {
            "histogram" => new[] { "_bucket", "_sum", "_count" },
            "counter" when _openMetrics => ["_total"],
            "info" => ["_info"],
            _ => [""],
        };
        return suffixes.Any(s => name == family + s);
    }

    private static string Name(string line, ref int at)
    {
        var start = at;
        while (char.IsAsciiLetterOrDigit(line[at]) || line[at] is '_' or ':')
        {
            at++;
        }

        Require(at > start && !char.IsAsciiDigit(line[start]), line);
        return line[start..at];
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture),
    };

    private static string Unescape(string text)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            result.Append(text[i] != '\\' ? text[i] : text[++i] switch
            {
                'n' => '\n',
                '\\' => '\\',
                '"' => '"',
                _ => throw new FormatException("unknown escape in " + text),
            });
        }

        return result.ToString();
    }
}
