using System.Text.Json.Serialization;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>What all documents say.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Node">Who answers.</param>
/// <param name="Now">When, by its clock.</param>
public abstract record ApiDocument(
    [property: JsonPropertyOrder(-1)] int Version,
    [property: JsonPropertyOrder(-1)] string Node,
    [property: JsonPropertyOrder(-1)] WallTime Now)
{
    /// <summary>Who passed it on; null where nobody did.</summary>
    [JsonPropertyOrder(-1)]
    public string? Via { get; init; }
}
