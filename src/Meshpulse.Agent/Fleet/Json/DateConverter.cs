using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>A moment of the wall clock as people and other programs read it: RFC 3339 in UTC, rounded down to a microsecond.</summary>
internal sealed class DateConverter : JsonConverter<WallTime>
{
    private const string Form = "yyyy-MM-dd'T'HH':'mm':'ss'.'ffffff'Z'";

    public static string Text(WallTime at) => DateTime.UnixEpoch.AddTicks(at.Nanoseconds / 100).ToString(Form, CultureInfo.InvariantCulture);

    public override WallTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > 64
            || !DateTime.TryParseExact(reader.GetString(), Form, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
            || Math.Abs((time - DateTime.UnixEpoch).Ticks) > MomentConverter.Most / 100)
        {
            throw new JsonException("not a time as in 2022-03-25T09:56:37.123456Z");
        }

        return new WallTime((time - DateTime.UnixEpoch).Ticks * 100);
    }

    public override void Write(Utf8JsonWriter writer, WallTime value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));
}
