using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>A small count.</summary>
internal sealed class BoundedInt32 : JsonConverter<int>
{
    private const int Most = 1_000_000_000;

    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => (int)BoundedInt64.ReadWithin(ref reader, Most);

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(Math.Clamp(value, -Most, Most));
}
