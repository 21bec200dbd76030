using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Diagnosis.Slices;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary><c>[source port, received]</c>.</summary>
internal sealed class RequestsConverter : JsonConverter<FlowRequests>
{
    public override FlowRequests Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<long?> n = stackalloc long?[2];
        NumberArray.Read(ref reader, n, BoundedInt64.Most);
        return n[0] is >= 0 and <= ushort.MaxValue ? new FlowRequests((int)n[0]!.Value, NumberArray.Of(n[1])) : throw new JsonException("not a port");
    }

    public override void Write(Utf8JsonWriter writer, FlowRequests value, JsonSerializerOptions options) => NumberArray.Write(writer, value.SourcePort, value.Received);
}
