using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Diagnosis.Slices;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary><c>[source port, sent, answered, lost forward, lost backward, lost unknown, 1 for large packets else 0]</c>.</summary>
internal sealed class FlowConverter : JsonConverter<FlowSlice>
{
    public override FlowSlice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<long?> n = stackalloc long?[7];
        NumberArray.Read(ref reader, n, BoundedInt64.Most);
        return n[0] is >= 0 and <= ushort.MaxValue
            ? new FlowSlice((int)n[0]!.Value, NumberArray.Of(n[1]), NumberArray.Of(n[2]), NumberArray.Of(n[3]), NumberArray.Of(n[4]), NumberArray.Of(n[5])) { IsLarge = n[6] == 1 }
            : throw new JsonException("not a port");
    }

    public override void Write(Utf8JsonWriter writer, FlowSlice value, JsonSerializerOptions options) =>
        NumberArray.Write(writer, value.SourcePort, value.Sent, value.Answered, value.LostForward, value.LostBackward, value.LostUnknown, value.IsLarge ? 1 : 0);
}
