using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>A number that is one: neither infinite nor absurd.</summary>
internal sealed class BoundedDouble : JsonConverter<double>
{
    private const double Most = 1e15;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && Math.Abs(value) <= Most
            ? value
            : throw new JsonException("not a number, or out of its range");

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(double.IsNaN(value) ? 0 : Math.Clamp(value, -Most, Most));
}
