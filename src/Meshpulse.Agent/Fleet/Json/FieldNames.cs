using System.Text.Json;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>
/// How an object's fields are called, in the order in which they are written.
/// <para>
/// The problem: in a mesh of fifty each node reads ten thousand peers a second. The generated code boxes each field of a type that is made whole at once, and its
/// thousands of garbage bytes a peer cost more than the reading. What we do: for the three types of which there are so many a converter by hand, with this table. As who
/// writes keeps to the order, the next name is mostly the next of the table.
/// </para>
/// </summary>
/// <typeparam name="T">Its values are the fields, named as in JSON but for the underscores.</typeparam>
internal static class FieldNames<T>
    where T : struct, Enum
{
    private static readonly JsonEncodedText[] s_names = [.. Enum.GetNames<T>().Select(n => JsonEncodedText.Encode(JsonNamingPolicy.SnakeCaseLower.ConvertName(n)))];

    /// <summary>The name of a field.</summary>
    public static JsonEncodedText Of(int field) => s_names[field];

    /// <summary>The field whose name was just read; -1 for a name that nobody knows.</summary>
    /// <param name="reader">It stands on the name.</param>
    /// <param name="likely">Which it may well be.</param>
    public static int Find(ref Utf8JsonReader reader, int likely)
    {
        for (var i = 0; i < s_names.Length; i++)
        {
            var field = (likely + i) % s_names.Length;
            if (reader.ValueTextEquals(s_names[field].EncodedUtf8Bytes))
            {
                return field;
            }
        }

        return -1;
    }
}
