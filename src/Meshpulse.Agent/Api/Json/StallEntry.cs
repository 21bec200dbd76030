using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>A time in which a probing thread wanted to run and did not.</summary>
/// <param name="At">When it began.</param>
/// <param name="Ms">How long it was, in ms.</param>
public sealed record StallEntry(WallTime At, double Ms)
{
    /// <summary>Why, where that is known: <c>cpu</c> where it waited in the run queue for most of it.</summary>
    public string? Cause { get; init; }
}
