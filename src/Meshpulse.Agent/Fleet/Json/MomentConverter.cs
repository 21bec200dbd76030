using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>A moment of a node's monotonic clock, in nanoseconds.</summary>
internal sealed class MomentConverter : JsonConverter<MonoTime>
{
    /// <summary>126 years: any uptime, and far from where sums overflow.</summary>
    public const long Most = 4_000_000_000_000_000_000;

    public override MonoTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(BoundedInt64.ReadWithin(ref reader, Most));

    public override void Write(Utf8JsonWriter writer, MonoTime value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(Math.Clamp(value.Nanoseconds, -Most, Most));
}
