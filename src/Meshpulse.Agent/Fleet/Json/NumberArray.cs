using System.Text.Json;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>Reads and writes short arrays of whole numbers: what there are thousands of would be mostly names otherwise.</summary>
internal static class NumberArray
{
    /// <summary>Reads exactly so many, each within its bound; null where JSON says null.</summary>
    public static void Read(ref Utf8JsonReader reader, scoped Span<long?> numbers, long most)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("not an array of numbers");
        }

        foreach (ref var number in numbers)
        {
            _ = reader.Read();
            number = reader.TokenType == JsonTokenType.Null ? null : BoundedInt64.ReadWithin(ref reader, most);
        }

        _ = reader.Read();
        if (reader.TokenType != JsonTokenType.EndArray)
        {
            throw new JsonException("too many numbers");
        }
    }

    /// <summary>Reads as many as there are, each within its bound.</summary>
    /// <returns>How many.</returns>
    public static int ReadSome(ref Utf8JsonReader reader, scoped Span<long> numbers, long most)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("not an array of numbers");
        }

        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == numbers.Length)
            {
                throw new JsonException("too many numbers");
            }

            numbers[count++] = BoundedInt64.ReadWithin(ref reader, most);
        }

        return count;
    }

    public static void Write(Utf8JsonWriter writer, params ReadOnlySpan<long?> numbers)
    {
        writer.WriteStartArray();
        foreach (var number in numbers)
        {
            if (number is { } some)
            {
                writer.WriteNumberValue(some);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        writer.WriteEndArray();
    }

    public static long Of(long? number) => number ?? throw new JsonException("a number is missing");
}
