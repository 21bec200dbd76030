using System.Text.Json;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>Reads an object field by field. A name that only a newer program knows is passed over; the same one twice is refused.</summary>
/// <typeparam name="T">The fields, at most 32.</typeparam>
internal struct FieldReader<T>
    where T : struct, Enum
{
    private uint _seen;
    private int _field;

    /// <summary>Begins.</summary>
    /// <exception cref="JsonException">It is no object.</exception>
    public FieldReader(ref Utf8JsonReader reader)
    {
        _field = -1;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("not an object");
        }
    }

    /// <summary>Which field it is: the value of the enumeration.</summary>
    public readonly int Field => _field;

    /// <summary>Goes on to the next field that is known, and stands on its value then; false at the object's end.</summary>
    /// <exception cref="JsonException">It was there before.</exception>
    public bool Next(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            _field = FieldNames<T>.Find(ref reader, _field + 1);
            if (_field < 0)
            {
                reader.Skip();
                continue;
            }

            if (Has(_field))
            {
                throw new JsonException("a field is there twice");
            }

            _seen |= 1u << _field;
            return reader.Read();
        }

        return false;
    }

    /// <summary>Whether a field was there.</summary>
    public readonly bool Has(int field) => (_seen & (1u << field)) != 0;
}
