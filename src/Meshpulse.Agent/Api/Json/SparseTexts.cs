using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Agent.Fleet.Json;

namespace Meshpulse.Agent.Api.Json;

/// <summary>A list of texts of which some are not known: those are null. Bounded as all that is read.</summary>
internal sealed class SparseTexts : JsonConverter<IReadOnlyList<string?>>
{
    public override IReadOnlyList<string?> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("not a list");
        }

        var text = FleetJson.Info<string>(options);
        var list = new List<string?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (list.Count == ApiJson.MaxNodes)
            {
                throw new JsonException("too many elements");
            }

            list.Add(reader.TokenType == JsonTokenType.Null ? null : JsonSerializer.Deserialize(ref reader, text));
        }

        return list;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string?> value, JsonSerializerOptions options)
    {
        var text = FleetJson.Info<string>(options);
        writer.WriteStartArray();
        foreach (var element in value.Take(ApiJson.MaxNodes))
        {
            if (element is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                JsonSerializer.Serialize(writer, element, text);
            }
        }

        writer.WriteEndArray();
    }
}
