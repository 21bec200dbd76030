using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>A span in nanoseconds, of three years at most.</summary>
internal sealed class SpanConverter : JsonConverter<Duration>
{
    /// <summary>Some can be added up without an end of the type coming near.</summary>
    public const long Most = 100_000_000_000_000_000;

    public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) => writer.WriteNumberValue(Clamp(value));

    /// <summary>One, where the reader stands.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static Duration Read(ref Utf8JsonReader reader) => new(BoundedInt64.ReadWithin(ref reader, Most));

    public static long Clamp(Duration value) => Math.Clamp(value.Nanoseconds, -Most, Most);
}
