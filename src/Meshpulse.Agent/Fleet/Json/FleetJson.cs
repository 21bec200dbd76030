using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>
/// What nodes tell each other, as JSON and back. docs/api.md describes it.
/// <para>
/// The problem: it comes from whoever answers at a peer's address, several times a second, and sums are made of it. Reading it into objects first and
/// looking at them then lets four megabytes become a gigabyte, and a number near the end of its type turn an addition around. What we do: every
/// number, text and list has its bound in the converter that reads it, one for each type, so that no field can be forgotten. What lacks or
/// has a name that we don't know is nothing special: versions differ while a mesh is being updated.
/// </para>
/// </summary>
public static class FleetJson
{
    private const int MaxDepth = 16;

    internal static readonly JsonSerializerOptions Slices = OptionsOf(new EpochConverter(), LeaveOutEmpty);
    internal static readonly JsonSerializerOptions Verdicts = OptionsOf(new DateConverter(), _ => { });

    /// <summary>A batch as UTF-8.</summary>
    public static byte[] Write(SliceBatch batch) => JsonSerializer.SerializeToUtf8Bytes(batch, Info<SliceBatch>(Slices));

    /// <summary>One slice as UTF-8: an element of a batch.</summary>
    public static byte[] Write(NodeSlice slice) => JsonSerializer.SerializeToUtf8Bytes(slice, Info<NodeSlice>(Slices));

    /// <summary>A verdict as UTF-8: an element of a document.</summary>
    public static byte[] Write(VerdictEntry verdict) => JsonSerializer.SerializeToUtf8Bytes(verdict, Info<VerdictEntry>(Verdicts));

    /// <summary>A document of verdicts as UTF-8.</summary>
    public static byte[] Write(VerdictDocument document) => JsonSerializer.SerializeToUtf8Bytes(document, Info<VerdictDocument>(Verdicts));

    /// <summary>A line of the log, without its line feed.</summary>
    public static byte[] Write(SliceLogLine line) => JsonSerializer.SerializeToUtf8Bytes(line, Info<SliceLogLine>(Slices));

    /// <summary>The same of a verdict.</summary>
    public static byte[] Write(VerdictLogLine line) => JsonSerializer.SerializeToUtf8Bytes(line, Info<VerdictLogLine>(Verdicts));

    /// <summary>Reads a batch; whatever is wrong with it, all of it is refused.</summary>
    /// <param name="body">The body of an answer.</param>
    /// <param name="batch">What it says.</param>
    /// <param name="problem">Why it is refused, without anything that it says.</param>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out SliceBatch? batch, out string problem)
    {
        batch = body.Length > SliceBatch.MaxBytes ? null : Read<SliceBatch>(body, Slices);
        problem = batch is null ? "not a batch of slices" : SliceReview.FaultIn(batch) ?? "";
        batch = problem.Length == 0 ? SliceReview.Whole(batch!) : null;
        return batch is not null;
    }

    /// <summary>Reads a document of verdicts; whatever is wrong with it, all of it is refused.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out VerdictDocument? document, out string problem)
    {
        document = body.Length > SliceBatch.MaxBytes ? null : Read<VerdictDocument>(body, Verdicts);
        problem = document is null ? "not a document of verdicts" : SliceReview.FaultIn(document) ?? "";
        document = problem.Length == 0 ? document : null;
        return document is not null;
    }

    /// <summary>Reads a line of the log file.</summary>
    /// <param name="line">The line, without its line feed.</param>
    /// <param name="slice">The slice that it holds; null where it holds something else, such as a change of a verdict.</param>
    /// <returns>False where it is damaged, or of another version.</returns>
    public static bool TryReadLogLine(ReadOnlySpan<byte> line, out NodeSlice? slice)
    {
        slice = null;
        if (line.Length > SliceBatch.MaxBytes || Read<SliceLogLine>(line, Slices) is not { } read)
        {
            return false;
        }

        if (read.Slice is not { } told)
        {
            return read.Version == SliceBatch.CurrentVersion;
        }

        var batch = new SliceBatch(read.Version, told.Node, told.Run, [told]);
        if (SliceReview.FaultIn(batch) is not null)
        {
            return false;
        }

        slice = SliceReview.Whole(batch).Slices[0];
        return true;
    }

    internal static JsonTypeInfo<T> Info<T>(JsonSerializerOptions options) => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

    private static T? Read<T>(ReadOnlySpan<byte> body, JsonSerializerOptions options)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, Info<T>(options));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException or ArgumentException)
        {
            // The second: text that is no UTF-8.
            return null;
        }
    }

    private static JsonSerializerOptions OptionsOf(JsonConverter wallTime, Action<JsonTypeInfo> further)
    {
        var (text, counts, delays, offsets, seen) = (new BoundedText(), new CountsConverter(), new DelayConverter(), new OffsetConverter(), new SeenConverter());
        var (closings, failures) = (new NamedValue<CloseReason>(CloseReason.Broken), new NamedValue<DialFailure>(DialFailure.Other));
        var notices = new NamedValue<PeerNotice>(PeerNotice.Maintenance);
        var (gaps, flows, requests) = (new BoundedList<GapSlice>(16), new BoundedList<FlowSlice>(64), new BoundedList<FlowRequests>(64));
        var paths = new PathConverter(counts, delays, offsets, seen, flows);
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
            IgnoreReadOnlyProperties = true,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            MaxDepth = MaxDepth,
            TypeInfoResolver = ((IJsonTypeInfoResolver)FleetContext.Default).WithAddedModifier(further),
            Converters =
            {
                wallTime, new BoundedInt64(), new BoundedInt32(), new BoundedDouble(), new RunConverter(), text,
                new SpanConverter(), new MomentConverter(),
                delays, new FlowConverter(), new RequestsConverter(), offsets, seen, counts, paths, new PeerConverter(text, closings, failures, notices, paths, gaps, requests),
                closings, failures, notices, new NamedValue<ClockSide>(ClockSide.Unknown),
                new BoundedList<NodeSlice>(SliceBatch.MaxSlices), new BoundedList<PeerSlice>(NodeSlice.MaxPeers), gaps,
                flows, requests, new BoundedList<HostStall>(64), new BoundedList<string>(256), new BoundedList<int>(64),
                new BoundedList<IReadOnlyList<string>>(256), new BoundedList<VerdictEntry>(VerdictDocument.MaxVerdicts),
                new BoundedList<VerdictEvidenceEntry>(VerdictEntry.MaxEvidence),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Empty lists say nothing. A batch has its list always.</summary>
    private static void LeaveOutEmpty(JsonTypeInfo info)
    {
        foreach (var property in info.Properties.Where(p => info.Type != typeof(SliceBatch) && p.PropertyType.IsAssignableTo(typeof(IEnumerable)) && p.PropertyType != typeof(string)))
        {
            property.ShouldSerialize = static (_, value) => value is ICollection { Count: > 0 };
        }
    }
}
