using System.Text.Json.Serialization;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>A look into a path: what the command of an analysis printed.</summary>
/// <param name="At">When it began.</param>
/// <param name="Until">When it ended.</param>
/// <param name="Node">By whom it was made.</param>
/// <param name="Name">The analysis's name.</param>
/// <param name="Cause">Why it was made: the loss, or the verdict.</param>
/// <param name="Text">The beginning of what was printed, with <c>(cut)</c> where there was more, and how it ended.</param>
public sealed record TraceEntry(
    WallTime At, WallTime Until, string Node, string Name, string Cause, [property: JsonConverter(typeof(BoundedLines))] string Text)
{
    /// <summary>What the command returned; null where nobody knows.</summary>
    public int? ExitCode { get; init; }
}
