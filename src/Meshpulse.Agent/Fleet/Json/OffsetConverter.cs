using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary><c>[low, high]</c> in nanoseconds; null for an end that nobody knows.</summary>
internal sealed class OffsetConverter : JsonConverter<OffsetInterval>
{
    public override OffsetInterval Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<long?> n = stackalloc long?[2];
        NumberArray.Read(ref reader, n, SpanConverter.Most);
        return new OffsetInterval(
            n[0] is { } low ? new Duration(low) : -Duration.MaxValue,
            n[1] is { } high ? new Duration(high) : Duration.MaxValue);
    }

    public override void Write(Utf8JsonWriter writer, OffsetInterval value, JsonSerializerOptions options) => NumberArray.Write(
        writer,
        value.Low.Nanoseconds < -SpanConverter.Most ? null : SpanConverter.Clamp(value.Low),
        value.High.Nanoseconds > SpanConverter.Most ? null : SpanConverter.Clamp(value.High));
}
