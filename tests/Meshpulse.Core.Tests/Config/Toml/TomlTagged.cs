using System.Globalization;
using System.Text.Json;
using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Core.Tests.Config.Toml;

/// <summary>Compares a parsed document with the tagged JSON of the conformance suite.</summary>
internal static class TomlTagged
{
    /// <summary>The first difference with its path, or null where there is none.</summary>
    public static string? Difference(TomlValue actual, JsonElement expected, string path = "$")
    {
        if (expected.ValueKind == JsonValueKind.Array)
            return actual is TomlArray array ? DifferenceInArray(array, expected, path) : $"{path}: not an array but {actual.Kind}";
        if (IsScalar(expected, out var type, out var value))
            return DifferenceInScalar(actual, type, value) ? $"{path}: {type} {value} expected, {actual.Kind} {actual} found" : null;
        return actual is TomlTable table ? DifferenceInTable(table, expected, path) : $"{path}: not a table but {actual.Kind}";
    }

    private static bool IsScalar(JsonElement element, out string type, out string value)
    {
        (type, value) = ("", "");
        if (element.EnumerateObject().Count() != 2
            || !element.TryGetProperty("type", out var typeElement) || typeElement.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("value", out var valueElement) || valueElement.ValueKind != JsonValueKind.String)
            return false;
        (type, value) = (typeElement.GetString()!, valueElement.GetString()!);
        return true;
    }

    private static string? DifferenceInArray(TomlArray array, JsonElement expected, string path)
    {
        if (array.Items.Count != expected.GetArrayLength())
            return $"{path}: {expected.GetArrayLength()} elements expected, {array.Items.Count} found";
        return expected.EnumerateArray().Select((element, i) => Difference(array.Items[i], element, $"{path}[{i}]")).FirstOrDefault(d => d is not null);
    }

    private static string? DifferenceInTable(TomlTable table, JsonElement expected, string path)
    {
        var names = expected.EnumerateObject().Select(property => property.Name).ToList();
        var surplus = table.Entries.Select(entry => entry.Name).Except(names, StringComparer.Ordinal).FirstOrDefault();
        if (surplus is not null)
            return $"{path}: surplus key '{surplus}'";
        return expected.EnumerateObject()
            .Select(property => table[property.Name] is { } value
                ? Difference(value, property.Value, $"{path}.{property.Name}")
                : $"{path}: key '{property.Name}' is missing")
            .FirstOrDefault(d => d is not null);
    }

    private static bool DifferenceInScalar(TomlValue actual, string type, string value) => (type, actual) switch
    {
        ("string", TomlString s) => s.Value != value,
        ("integer", TomlInteger i) => i.Value != long.Parse(value, CultureInfo.InvariantCulture),
        ("float", TomlFloat f) => !f.Value.Equals(Float(value)),
        ("bool", TomlBoolean b) => b.Value != (value == "true"),
        ("datetime", TomlOffsetDateTime d) => d.Value.ToString() != Trimmed(value),
        ("datetime-local", TomlLocalDateTime d) => d.Value.ToString() != Trimmed(value),
        ("date-local", TomlLocalDate d) => d.Value.ToString() != value,
        ("time-local", TomlLocalTime t) => t.Value.ToString() != Trimmed(value),
        _ => true,
    };

    private static double Float(string text) => text switch
    {
        "inf" or "+inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" or "+nan" or "-nan" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    // The suite writes .600 where .6 says the same, and +00:00 for Z.
    private static string Trimmed(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var end = point < 0 ? text.Length : text.AsSpan(point + 1).IndexOfAnyExceptInRange('0', '9') is >= 0 and var length ? point + 1 + length : text.Length;
        var fraction = point < 0 ? "" : text[point..end].TrimEnd('0').TrimEnd('.');
        var behind = text[end..].Replace("+00:00", "Z", StringComparison.Ordinal).Replace("-00:00", "Z", StringComparison.Ordinal);
        return point < 0 ? text.Replace("+00:00", "Z", StringComparison.Ordinal) : text[..point] + fraction + behind;
    }
}
