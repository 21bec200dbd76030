using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>Writes an object field by field, and leaves out what says nothing: zero, false, null, and lists without elements.</summary>
/// <typeparam name="T">The fields.</typeparam>
internal readonly ref struct FieldWriter<T>(Utf8JsonWriter writer, JsonSerializerOptions options)
    where T : struct, Enum
{
    public void Number(int field, long value)
    {
        if (value != 0)
        {
            writer.WriteNumber(FieldNames<T>.Of(field), Math.Clamp(value, -BoundedInt64.Most, BoundedInt64.Most));
        }
    }

    public void Span(int field, Duration value)
    {
        if (value != Duration.Zero)
        {
            writer.WriteNumber(FieldNames<T>.Of(field), SpanConverter.Clamp(value));
        }
    }

    public void Flag(int field, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(FieldNames<T>.Of(field), value: true);
        }
    }

    /// <summary>Whatever it is.</summary>
    public void Always<TValue>(int field, TValue value, JsonConverter<TValue> converter)
    {
        writer.WritePropertyName(FieldNames<T>.Of(field));
        converter.Write(writer, value, options);
    }

    public void Some<TValue>(int field, TValue? value, JsonConverter<TValue> converter)
        where TValue : struct
    {
        if (value is { } some)
        {
            Always(field, some, converter);
        }
    }

    public void List<TElement>(int field, IReadOnlyList<TElement> value, JsonConverter<IReadOnlyList<TElement>> converter)
    {
        if (value.Count > 0)
        {
            Always(field, value, converter);
        }
    }
}
