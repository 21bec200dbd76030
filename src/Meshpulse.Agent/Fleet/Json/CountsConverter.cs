using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>What became of packets: an object, as most counts are zero.</summary>
internal sealed class CountsConverter : JsonConverter<PathCounts>
{
    private enum Field
    {
        Sent,
        Unsent,
        Answered,
        Late,
        LostForward,
        LostBackward,
        LostUnknown,
        Duplicates,
        Reordered,
        Corrupted,
        Strays,
        Epochs,
        ReceiveDrops,
    }

    private static readonly int s_fields = Enum.GetValues<Field>().Length;

    public override PathCounts Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<long> n = stackalloc long[s_fields];
        n.Clear();
        var fields = new FieldReader<Field>(ref reader);
        while (fields.Next(ref reader))
        {
            n[fields.Field] = BoundedInt64.ReadWithin(ref reader, BoundedInt64.Most);
        }

        return new PathCounts(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11]) { ReceiveDrops = n[(int)Field.ReceiveDrops] };
    }

    public override void Write(Utf8JsonWriter writer, PathCounts value, JsonSerializerOptions options)
    {
        ReadOnlySpan<long> n =
        [
            value.Sent, value.Unsent, value.Answered, value.Late, value.LostForward, value.LostBackward, value.LostUnknown, value.Duplicates, value.Reordered, value.Corrupted,
            value.Strays, value.Epochs, value.ReceiveDrops,
        ];
        var fields = new FieldWriter<Field>(writer, options);
        writer.WriteStartObject();
        for (var i = 0; i < n.Length; i++)
        {
            fields.Number(i, n[i]);
        }

        writer.WriteEndObject();
    }
}
