using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>
/// Text that can be printed: of bounded length, without control characters, changes of writing direction and halves of characters, which could
/// forge lines on a console. Ours are made so before they are written; of others they are refused.
/// </summary>
internal sealed class BoundedText : JsonConverter<string>
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxName = 255;

    /// <summary>The longest text of any sort.</summary>
    public const int MaxLength = 1_000;

    /// <summary>Whether a name is of a length that can be, and printable.</summary>
    public static bool IsName(string? text) => text is { Length: > 0 and <= MaxName } && IsPrintable(text);

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // An escape in JSON is six times as long as what it stands for.
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MaxLength * 6)
        {
            throw new JsonException("not a text, or too long");
        }

        var text = reader.GetString()!;
        return text.Length <= MaxLength && IsPrintable(text) ? text : throw new JsonException("a text that can't be printed, or too long");
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(Clean(value));

    private static string Clean(string text)
    {
        var kept = text.Length <= MaxLength ? text : text[..MaxLength];
        return !IsPrintable(kept) ? new string([.. kept.Select(c => Disturbs(c) ? '?' : c)]) : kept;
    }

    private static bool IsPrintable(string text)
    {
        foreach (var c in text)
        {
            // Most are of ASCII, and there are thousands a second.
            if (c is < ' ' or > '~' && Disturbs(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a character is none that can be printed on a line.</summary>
    public static bool Disturbs(char c) =>
        char.IsControl(c)
        || char.IsSurrogate(c)
        || c is '\uFEFF' or (>= '\u2066' and <= '\u2069')
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format;
}
