using System.Collections.Immutable;
using Meshpulse.Core.Config.Toml;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Config;

/// <summary>
/// One block of the file, read key by key. Each reader reports a value of the wrong type or out of range and then gives null,
/// as it does for a key that isn't there: callers go on with a default, and the errors keep the whole from being used.
/// </summary>
internal sealed class ConfigTable(TomlTable table, ConfigSection section, ConfigDiagnostics diagnostics)
{
    private const int LongestPath = 4_096;

    /// <summary>Where the block's header stands.</summary>
    public TomlPosition Position => table.Position;

    /// <summary>Where a key stands; where the block does if there is no such key.</summary>
    public TomlPosition PositionOf(string key) => table.TryGet(key, out var entry) ? entry.Key.Position : table.Position;

    /// <summary>Where a key's value stands; where the block does if there is no such key.</summary>
    public TomlPosition ValueOf(string key) => table[key]?.Position ?? table.Position;

    /// <summary>True where the block has the key, whatever its value.</summary>
    public bool Has(string key) => table.TryGet(key, out _);

    /// <summary>Reports a key that must be there and isn't.</summary>
    public void Require(string key)
    {
        if (!Has(key))
            diagnostics.Refuse(Position, $"this {section.Name} has no {key}; it needs one, as in {ConfigSection.Example(key)}");
    }

    /// <summary>Reports every key that the section doesn't take.</summary>
    public void RefuseUnknown()
    {
        foreach (var entry in table.Entries)
        {
            if (!section.Keys.Contains(entry.Name, StringComparer.Ordinal))
                diagnostics.Refuse(entry.Key.Position, () => section.Explain(entry.Name));
        }
    }

    /// <summary>A text as it stands.</summary>
    public Placed<string>? Text(string key) =>
        table[key] switch
        {
            null => null,
            TomlString text => new Placed<string>(text.Value, text.Position),
            var other => Wrong<Placed<string>>(key, "a string", other),
        };

    /// <summary>A text that can be a name. Null, once reported, where it can't.</summary>
    public Placed<string>? Name(string key)
    {
        if (Text(key) is not { } text)
            return null;
        if (ConfigText.FaultInName(text.Value) is not { } fault)
            return text;
        diagnostics.Refuse(text.Position, $"{key} {fault}");
        return null;
    }

    /// <summary>An absolute path. Null, once reported, where it is none.</summary>
    /// <remarks>A relative one would lead elsewhere for each program that reads the file.</remarks>
    public Placed<string>? FilePath(string key)
    {
        if (Text(key) is not { } text)
            return null;
        var fault = text.Value switch
        {
            "" => "is empty",
            _ when ConfigText.FirstUnprintable(text.Value) is { } rune => $"holds the control character U+{rune.Value:X4}",
            not ['/', ..] => $"{ConfigText.Quote(text.Value)} is no absolute path; it begins with '/'",
            { Length: > LongestPath } => $"is longer than {LongestPath} characters",
            _ => null,
        };
        if (fault is null)
            return text;
        diagnostics.Refuse(text.Position, $"{key} {fault}, as in {ConfigSection.Example(key)}");
        return null;
    }

    /// <summary>The texts of an array that are strings; what isn't is reported.</summary>
    public IReadOnlyList<Placed<string>> Texts(string key)
    {
        var texts = new List<Placed<string>>();
        if (table[key] is not TomlArray array || array.IsTableArray)
        {
            if (table[key] is { } other)
                Wrong<int>(key, "an array of strings", other);
            return texts;
        }

        foreach (var item in array.Items)
        {
            if (item is TomlString text)
                texts.Add(new Placed<string>(text.Value, text.Position));
            else
                Wrong<int>(key, "an array of strings", item);
        }

        return texts;
    }

    /// <summary>A whole number within bounds.</summary>
    public Placed<int>? Integer(string key, int lowest, int highest) => table[key] switch
    {
        null => null,
        TomlInteger number => Within(key, number, lowest, highest),
        var other => Wrong<Placed<int>>(key, "an integer", other),
    };

    /// <summary>True, false, or a whole number within bounds.</summary>
    /// <param name="whenTrue">The number that true stands for; false stands for none.</param>
    public int? FlagOrInteger(string key, int whenTrue, int lowest, int highest) => table[key] switch
    {
        null or TomlBoolean { Value: false } => null,
        TomlBoolean => whenTrue,
        TomlInteger number => Within(key, number, lowest, highest)?.Value,
        var other => Wrong<int>(key, "true, false or an integer", other),
    };

    /// <summary>True or false.</summary>
    public bool? Flag(string key) =>
        table[key] switch
        {
            null => null,
            TomlBoolean flag => flag.Value,
            var other => Wrong<bool>(key, "true or false", other),
        };

    /// <summary>A duration within bounds: a number of milliseconds, or a string with a unit.</summary>
    public Placed<Duration>? Duration(string key, Duration lowest, Duration highest)
    {
        if (table[key] is not { } value || ReadDuration(key, value) is not { } duration)
            return null;
        if (duration >= lowest && duration <= highest)
            return new Placed<Duration>(duration, value.Position);
        diagnostics.Refuse(value.Position, $"{key} {Shown(value)} is out of range: {DurationText.Format(lowest)} to {DurationText.Format(highest)}");
        return null;
    }

    /// <summary>The code point of <c>dscp</c>: a number from 0 to 63, or one of the usual names.</summary>
    public int? Dscp(string key) => table[key] is { } value ? CodePoint(key, value, "an integer or a string") : null;

    /// <summary>The code points of an array, each as in <see cref="Dscp"/>, in their order and each once.</summary>
    public ImmutableArray<int> Dscps(string key, int most)
    {
        const string Right = "an array of integers or strings";
        var found = new List<int>();
        if (table[key] is not TomlArray array || array.IsTableArray)
        {
            if (table[key] is { } other)
                Wrong<int>(key, Right, other);
            return [];
        }

        foreach (var item in array.Items)
        {
            if (CodePoint(key, item, Right) is not { } point)
                continue;
            if (found.Contains(point))
            {
                diagnostics.Warn(item.Position, $"{key}: {point} is listed twice");
            }
            else if (found.Count < most)
            {
                found.Add(point);
            }
            else
            {
                diagnostics.Refuse(array.Position, $"{key} has more than {most} code points");
                break;
            }
        }

        return found.Count == 0 ? [] : [.. found];
    }

    /// <summary>The blocks of a key that stands in double brackets.</summary>
    public IEnumerable<ConfigTable> Blocks(string key, ConfigSection kind)
    {
        if (table[key] is not TomlArray array)
        {
            if (table[key] is { } other)
                diagnostics.Refuse(PositionOf(key), other is TomlTable ? $"[{key}] stands in double brackets, {kind.Name}: there may be several" : $"{key} is a block with the header {kind.Name}, not {other.Kind}");
            yield break;
        }

        foreach (var item in array.Items)
        {
            if (item is TomlTable block)
                yield return new ConfigTable(block, kind, diagnostics);
            else
                diagnostics.Refuse(item.Position, $"{key} is a block with the header {kind.Name}, not {item.Kind}");
        }
    }

    private Placed<int>? Within(string key, TomlInteger number, int lowest, int highest)
    {
        if (number.Value >= lowest && number.Value <= highest)
            return new Placed<int>((int)number.Value, number.Position);
        diagnostics.Refuse(number.Position, $"{key} {number.Value} is out of range: {lowest} to {highest}");
        return null;
    }

    private int? CodePoint(string key, TomlValue value, string right)
    {
        if (value is not TomlString name)
            return value is TomlInteger number ? Within(key, number, 0, DscpText.Highest)?.Value : Wrong<int>(key, right, value);
        if (DscpText.Find(name.Value) is { } found)
            return found;
        diagnostics.Refuse(name.Position, $"{key} {ConfigText.Quote(name.Value)} is unknown; there are CS0 to CS7, AF11 to AF43, EF, VA and LE, or a number from 0 to {DscpText.Highest}");
        return null;
    }

    private T? Wrong<T>(string key, string right, TomlValue value)
        where T : struct
    {
        diagnostics.Refuse(value.Position, $"{key} must be {right}, as in {ConfigSection.Example(key)}; this is {value.Kind}");
        return null;
    }

    private Duration? ReadDuration(string key, TomlValue value)
    {
        const double Year = 365 * 86_400e3;
        switch (value)
        {
            // A year is beyond every bound, and its nanoseconds fit.
            case TomlInteger { Value: var milliseconds }:
                return Time.Duration.FromMilliseconds(Math.Clamp(milliseconds, -(long)Year, (long)Year));
            case TomlFloat { Value: var milliseconds } when double.IsFinite(milliseconds):
                return new Duration((long)Math.Round(Math.Clamp(milliseconds, -Year, Year) * 1e6));
            case TomlFloat:
                diagnostics.Refuse(value.Position, $"{key} must be a finite number of milliseconds, or a string with a unit, as in {ConfigSection.Example(key)}");
                return null;
            case TomlString { Value: var text }:
                if (DurationText.TryParse(text, out var duration, out var problem))
                    return duration;
                diagnostics.Refuse(value.Position, $"{key} {ConfigText.Quote(text)} {problem}");
                return null;
            default:
                return Wrong<Duration>(key, "a number of milliseconds or a string with a unit", value);
        }
    }

    private static string Shown(TomlValue value) => value is TomlString text ? ConfigText.Quote(text.Value) : $"{value} (milliseconds)";
}
