using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Diagnosis.Slices;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>
/// <c>[source port, sent, answered, lost forward, lost backward, lost unknown, 1 for large packets else 0]</c>, without the zeros at its end: a flow that loses nothing
/// has three numbers.
/// </summary>
internal sealed class FlowConverter : JsonConverter<FlowSlice>
{
    private const int Fewest = 3;

    public override FlowSlice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<long> n = stackalloc long[7];
        n.Clear();
        var count = NumberArray.ReadSome(ref reader, n, BoundedInt64.Most);
        return count >= Fewest && n[0] is >= 0 and <= ushort.MaxValue
            ? new FlowSlice((int)n[0], n[1], n[2], n[3], n[4], n[5]) { IsLarge = n[6] == 1 }
            : throw new JsonException("not a flow");
    }

    public override void Write(Utf8JsonWriter writer, FlowSlice value, JsonSerializerOptions options)
    {
        ReadOnlySpan<long> n = [value.SourcePort, value.Sent, value.Answered, value.LostForward, value.LostBackward, value.LostUnknown, value.IsLarge ? 1 : 0];
        var last = n.LastIndexOfAnyExcept(0);
        writer.WriteStartArray();
        for (var i = 0; i < Math.Max(Fewest, last + 1); i++)
        {
            writer.WriteNumberValue(Math.Clamp(n[i], -BoundedInt64.Most, BoundedInt64.Most));
        }

        writer.WriteEndArray();
    }
}
