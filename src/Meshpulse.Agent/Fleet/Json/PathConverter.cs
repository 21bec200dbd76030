using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>What one path did in a slice. An offset that is missing would be one of zero, the strongest thing that can be said: it is always said.</summary>
internal sealed class PathConverter(CountsConverter counts, DelayConverter delays, OffsetConverter offsets, SeenConverter seen, BoundedList<FlowSlice> flows) : JsonConverter<PathSlice>
{
    private enum Field
    {
        Counts,
        Silence,
        Interval,
        RoundTrip,
        Forward,
        Backward,
        Bound,
        Offset,
        Step,
        ForwardHopLimit,
        BackwardHopLimit,
        Mtu,
        Flows,
    }

    public override PathSlice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var (silence, interval, bound) = (Duration.Zero, Duration.Zero, Duration.Zero);
        DelaySlice? roundTrip = null, forward = null, backward = null;
        SeenField forwardHopLimit = default, backwardHopLimit = default;
        PathCounts sums = default;
        OffsetInterval offset = default;
        ClockStep? step = null;
        MtuFigures mtu = default;
        IReadOnlyList<FlowSlice> each = [];
        var fields = new FieldReader<Field>(ref reader);
        while (fields.Next(ref reader))
        {
            switch ((Field)fields.Field)
            {
                case Field.Counts: sums = counts.Read(ref reader, typeof(PathCounts), options); break;
                case Field.Silence: silence = SpanConverter.Read(ref reader); break;
                case Field.Interval: interval = SpanConverter.Read(ref reader); break;
                case Field.RoundTrip: roundTrip = Delay(ref reader, options); break;
                case Field.Forward: forward = Delay(ref reader, options); break;
                case Field.Backward: backward = Delay(ref reader, options); break;
                case Field.Bound: bound = SpanConverter.Read(ref reader); break;
                case Field.Offset: offset = offsets.Read(ref reader, typeof(OffsetInterval), options); break;
                case Field.Step: step = JsonSerializer.Deserialize(ref reader, FleetJson.Info<ClockStep?>(options)); break;
                case Field.ForwardHopLimit: forwardHopLimit = seen.Read(ref reader, typeof(SeenField), options); break;
                case Field.BackwardHopLimit: backwardHopLimit = seen.Read(ref reader, typeof(SeenField), options); break;
                case Field.Mtu: mtu = JsonSerializer.Deserialize(ref reader, FleetJson.Info<MtuFigures>(options)); break;
                case Field.Flows: each = flows.Read(ref reader, typeof(IReadOnlyList<FlowSlice>), options); break;
            }
        }

        return !fields.Has((int)Field.Offset) ? throw new JsonException("an offset is missing") : new PathSlice
        {
            Counts = sums,
            Silence = silence,
            Interval = interval,
            RoundTrip = roundTrip,
            Forward = forward,
            Backward = backward,
            Bound = bound,
            Offset = offset,
            Step = step,
            ForwardHopLimit = forwardHopLimit,
            BackwardHopLimit = backwardHopLimit,
            Mtu = mtu,
            Flows = each,
        };
    }

    public override void Write(Utf8JsonWriter writer, PathSlice value, JsonSerializerOptions options)
    {
        var fields = new FieldWriter<Field>(writer, options);
        writer.WriteStartObject();
        fields.Some((int)Field.Counts, value.Counts == default ? null : value.Counts, counts);
        fields.Span((int)Field.Silence, value.Silence);
        fields.Span((int)Field.Interval, value.Interval);
        fields.Some((int)Field.RoundTrip, value.RoundTrip, delays);
        fields.Some((int)Field.Forward, value.Forward, delays);
        fields.Some((int)Field.Backward, value.Backward, delays);
        fields.Span((int)Field.Bound, value.Bound);
        fields.Always((int)Field.Offset, value.Offset, offsets);
        fields.Some((int)Field.Step, value.Step, Converter<ClockStep>(options));
        fields.Some((int)Field.ForwardHopLimit, value.ForwardHopLimit == default ? null : value.ForwardHopLimit, seen);
        fields.Some((int)Field.BackwardHopLimit, value.BackwardHopLimit == default ? null : value.BackwardHopLimit, seen);
        fields.Some((int)Field.Mtu, value.Mtu == default ? null : value.Mtu, Converter<MtuFigures>(options));
        fields.List((int)Field.Flows, value.Flows, flows);
        writer.WriteEndObject();
    }

    private DelaySlice? Delay(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : delays.Read(ref reader, typeof(DelaySlice), options);

    private static JsonConverter<T> Converter<T>(JsonSerializerOptions options) => (JsonConverter<T>)options.GetTypeInfo(typeof(T)).Converter;
}
