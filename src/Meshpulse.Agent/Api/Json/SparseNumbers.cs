using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Agent.Fleet.Json;

namespace Meshpulse.Agent.Api.Json;

/// <summary>A list of numbers of which some are not known: those are null. Bounded as all that is read.</summary>
internal sealed class SparseNumbers<T> : JsonConverter<IReadOnlyList<T?>>
    where T : struct
{
    private const int Most = 2_001;

    public override IReadOnlyList<T?> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("not a list");
        }

        var number = FleetJson.Info<T>(options);
        var list = new List<T?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (list.Count == Most)
            {
                throw new JsonException("too many elements");
            }

            list.Add(reader.TokenType == JsonTokenType.Null ? null : JsonSerializer.Deserialize(ref reader, number));
        }

        return list;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T?> value, JsonSerializerOptions options)
    {
        var number = FleetJson.Info<T>(options);
        writer.WriteStartArray();
        for (var i = 0; i < Math.Min(value.Count, Most); i++)
        {
            if (value[i] is { } known)
            {
                JsonSerializer.Serialize(writer, known, number);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        writer.WriteEndArray();
    }
}
