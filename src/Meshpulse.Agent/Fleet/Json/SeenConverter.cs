using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary><c>[last, changes]</c>; null for a field that nobody saw.</summary>
internal sealed class SeenConverter : JsonConverter<SeenField>
{
    public override SeenField Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<long?> n = stackalloc long?[2];
        NumberArray.Read(ref reader, n, uint.MaxValue);
        return n[0] is null or (>= 0 and <= byte.MaxValue) && n[1] is >= 0
            ? SeenField.Of((byte?)n[0], (uint)n[1]!.Value)
            : throw new JsonException("not a field of a packet");
    }

    public override void Write(Utf8JsonWriter writer, SeenField value, JsonSerializerOptions options) => NumberArray.Write(writer, value.Last, value.Changes);
}
