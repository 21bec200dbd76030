using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>
/// A list of bounded length. The bound holds while it is read: a body of four megabytes of <c>{},</c> must not become a million objects first. Ours
/// are cut, the others' refused.
/// <para>
/// The elements' converters are called by hand. The serializer would find where each element ends before it reads it, and lists lie in lists: all would be read four times.
/// </para>
/// </summary>
/// <param name="most">The most elements.</param>
internal sealed class BoundedList<T>(int most) : JsonConverter<IReadOnlyList<T>>
{
    private const int First = 16;

    public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("not a list");
        }

        var element = Element(options);
        var (buffer, count) = (ArrayPool<T>.Shared.Rent(First), 0);
        try
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (count == most || reader.TokenType == JsonTokenType.Null)
                {
                    throw new JsonException(count == most ? "too many elements" : "an element is null");
                }

                if (count == buffer.Length)
                {
                    buffer = Longer(buffer);
                }

                buffer[count++] = element.Read(ref reader, typeof(T), options) ?? throw new JsonException("an element is null");
            }

            return buffer.AsSpan(0, count).ToArray();
        }
        finally
        {
            Return(buffer);
        }
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options)
    {
        var element = Element(options);
        writer.WriteStartArray();
        for (var i = 0; i < Math.Min(value.Count, most); i++)
        {
            element.Write(writer, value[i], options);
        }

        writer.WriteEndArray();
    }

    private static JsonConverter<T> Element(JsonSerializerOptions options) => (JsonConverter<T>)options.GetTypeInfo(typeof(T)).Converter;

    private static T[] Longer(T[] buffer)
    {
        var longer = ArrayPool<T>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(longer, 0);
        Return(buffer);
        return longer;
    }

    private static void Return(T[] buffer) => ArrayPool<T>.Shared.Return(buffer, clearArray: RuntimeHelpers.IsReferenceOrContainsReferences<T>());
}
