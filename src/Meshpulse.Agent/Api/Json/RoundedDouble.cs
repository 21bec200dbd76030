using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meshpulse.Agent.Api.Json;

/// <summary>
/// A number of few digits: nanoseconds of a delay in microseconds, parts in a million of a ratio. The other twelve digits of a double would be a third of
/// an answer, and say nothing. What is no number is null.
/// </summary>
internal sealed class RoundedDouble : JsonConverter<double>
{
    private const double Most = 1e15;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && Math.Abs(value) <= Most ? value : throw new JsonException("not a number");

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(Math.Round(Math.Clamp(value, -Most, Most), Math.Abs(value) < 1 ? 6 : 3));
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
