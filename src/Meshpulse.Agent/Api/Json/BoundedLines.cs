using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Agent.Fleet.Json;

namespace Meshpulse.Agent.Api.Json;

/// <summary>As <see cref="BoundedText"/>, but of many lines: line feeds and tabs may be in it, and it may be longer.</summary>
internal sealed class BoundedLines : JsonConverter<string>
{
    /// <summary>The longest text, in UTF-16 units.</summary>
    public const int MaxLength = 16_384;

    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // An escape in JSON is six times as long as what it stands for.
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MaxLength * 6)
        {
            throw new JsonException("not a text, or too long");
        }

        var text = reader.GetString()!;
        return text.Length <= MaxLength && !text.Any(Disturbs) ? text : throw new JsonException("lines that can't be printed, or too long");
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        var kept = value.Length <= MaxLength ? value : value[..MaxLength];
        writer.WriteStringValue(kept.Any(Disturbs) ? new string([.. kept.Select(c => Disturbs(c) ? '?' : c)]) : kept);
    }

    private static bool Disturbs(char c) => c is not ('\n' or '\t') && BoundedText.Disturbs(c);
}
