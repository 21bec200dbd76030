using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>A value of an enumeration by its name, as in <c>end_of_stream</c>; a name that only a newer program knows becomes the general one.</summary>
/// <param name="otherwise">What an unknown name means.</param>
internal sealed class NamedValue<T>(T otherwise) : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> s_names = Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));
    private static readonly Dictionary<string, T> s_values = s_names.ToDictionary(n => n.Value, n => n.Key, StringComparer.Ordinal);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= BoundedText.MaxName
            ? s_values.GetValueOrDefault(reader.GetString()!, otherwise)
            : throw new JsonException("not a name");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(s_names[value]);
}
