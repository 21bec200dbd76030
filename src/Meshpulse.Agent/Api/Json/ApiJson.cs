using System.Text.Json;
using System.Text.Json.Serialization;
using Meshpulse.Agent.Fleet.Json;

namespace Meshpulse.Agent.Api.Json;

/// <summary>
/// What the API answers, as JSON and back: for readers that are people's programs, so names are whole, times are RFC 3339, and what is not known is left
/// out or null, never 0. What is read comes from whoever answers at a node's address: texts and lists have their bounds as in <see cref="FleetJson"/>.
/// </summary>
public static class ApiJson
{
    /// <summary>The most bytes of a document that are read.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The most nodes of a document: all peers of a mesh, and who answers.</summary>
    public const int MaxNodes = 2_001;

    /// <summary>The most points of a series.</summary>
    public const int MaxPoints = 2_000;

    /// <summary>The most traces of a pair: 16 of each end.</summary>
    public const int MaxTraces = 32;

    private const int MaxDepth = 16;

    internal static readonly JsonSerializerOptions Options = Make();

    /// <summary>A document as UTF-8.</summary>
    public static byte[] Write<T>(T document)
        where T : class => JsonSerializer.SerializeToUtf8Bytes(document, FleetJson.Info<T>(Options));

    /// <summary>Reads a document; null where it is none, or has something that can't be.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> body)
        where T : class
    {
        try
        {
            return body.Length > MaxBytes ? null : JsonSerializer.Deserialize(body, FleetJson.Info<T>(Options));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            IgnoreReadOnlyProperties = true,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            MaxDepth = MaxDepth,
            TypeInfoResolver = ApiContext.Default,
            Converters =
            {
                new DateConverter(), new BoundedText(), new RoundedDouble(),
                new BoundedList<string>(MaxNodes), new SparseNumbers<double>(), new SparseNumbers<long>(),
                new BoundedList<IReadOnlyList<string>>(MaxNodes), new BoundedList<NodeEntry>(MaxNodes), new BoundedList<MissingEntry>(MaxNodes),
                new BoundedList<MatrixRowEntry>(MaxNodes), new BoundedList<PathEntry>(MaxNodes), new BoundedList<FlowEntry>(80),
                new BoundedList<SettingEntry>(MaxNodes), new BoundedList<PathView>(2), new BoundedList<EventEntry>(MaxNodes), new BoundedList<TraceEntry>(MaxTraces),
                new BoundedList<StallEntry>(MaxPoints), new BoundedList<long>(MaxPoints), new BoundedList<double>(2),
                new BoundedList<IReadOnlyList<double>>(MaxPoints), new BoundedList<int>(64), new BoundedList<VerdictEntry>(VerdictDocument.MaxVerdicts),
                new BoundedList<VerdictEvidenceEntry>(VerdictEntry.MaxEvidence),
            },
        };
        options.MakeReadOnly();
        return options;
    }
}
