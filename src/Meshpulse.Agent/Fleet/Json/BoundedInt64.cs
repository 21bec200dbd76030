using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>A count that no sum of some thousands brings to its end.</summary>
internal sealed class BoundedInt64 : JsonConverter<long>
{
    /// <summary>Larger sizes are refused.</summary>
    public const long Most = 1_000_000_000_000_000;

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadWithin(ref reader, Most);

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(Math.Clamp(value, -Most, Most));

    /// <summary>A whole number of at most this size, whatever its sign.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static long ReadWithin(ref Utf8JsonReader reader, long most) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) && value >= -most && value <= most
            ? value
            : throw new JsonException("not a whole number, or out of its range");
}
