using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>Something that happened.</summary>
/// <param name="At">When.</param>
/// <param name="Node">Who saw it.</param>
/// <param name="Kind">What, in a word: <c>peer_joined</c>, <c>peer_left</c>, <c>gap</c>, <c>clock_step</c>, <c>analysis</c>, <c>note</c> and so on.</param>
/// <param name="Text">For people; may be empty.</param>
public sealed record EventEntry(WallTime At, string Node, string Kind, string Text)
{
    /// <summary>Whom it concerns.</summary>
    public string? Subject { get; init; }
}
