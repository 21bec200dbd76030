using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>A moment of the wall clock between programs: nanoseconds since 1970, UTC.</summary>
internal sealed class EpochConverter : JsonConverter<WallTime>
{
    public override WallTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(BoundedInt64.ReadWithin(ref reader, MomentConverter.Most));

    public override void Write(Utf8JsonWriter writer, WallTime value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(Math.Clamp(value.Nanoseconds, -MomentConverter.Most, MomentConverter.Most));
}
