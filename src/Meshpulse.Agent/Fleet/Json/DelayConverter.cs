using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary><c>[count, min, median, p99, max]</c>, times in nanoseconds.</summary>
internal sealed class DelayConverter : JsonConverter<DelaySlice>
{
    public override DelaySlice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<long?> n = stackalloc long?[5];
        NumberArray.Read(ref reader, n, SpanConverter.Most);
        var count = NumberArray.Of(n[0]);
        return count is >= 0 and <= BoundedInt64.Most
            ? new DelaySlice(count, Span(n[1]), Span(n[2]), Span(n[3]), Span(n[4]))
            : throw new JsonException("not a count");
    }

    public override void Write(Utf8JsonWriter writer, DelaySlice value, JsonSerializerOptions options) => NumberArray.Write(
        writer,
        Math.Clamp(value.Count, 0, BoundedInt64.Most),
        SpanConverter.Clamp(value.Min),
        SpanConverter.Clamp(value.Median),
        SpanConverter.Clamp(value.P99),
        SpanConverter.Clamp(value.Max));

    private static Duration Span(long? nanoseconds) => new(NumberArray.Of(nanoseconds));
}
