using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>A run: 16 hexadecimal digits, since not every reader of JSON has 64 bits.</summary>
internal sealed class RunConverter : JsonConverter<ulong>
{
    public static string Text(ulong run) => run.ToString("x16", CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out ulong run)
    {
        run = 0;
        return text?.Length == 16 && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out run);
    }

    public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= 64 && TryParse(reader.GetString(), out var run)
            ? run
            : throw new JsonException("not a run");

    public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));
}
