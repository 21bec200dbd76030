using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>
/// A list of bounded length. The bound holds while it is read: a body of four megabytes of <c>{},</c> must not become a million objects first. Ours
/// are cut, the others' refused.
/// </summary>
/// <param name="most">The most elements.</param>
internal sealed class BoundedList<T>(int most) : JsonConverter<IReadOnlyList<T>>
{
    public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("not a list");
        }

        var element = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        var list = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (list.Count == most)
            {
                throw new JsonException("too many elements");
            }

            list.Add(JsonSerializer.Deserialize(ref reader, element) ?? throw new JsonException("an element is null"));
        }

        return list;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options)
    {
        var element = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        writer.WriteStartArray();
        for (var i = 0; i < Math.Min(value.Count, most); i++)
        {
            JsonSerializer.Serialize(writer, value[i], element);
        }

        writer.WriteEndArray();
    }
}
