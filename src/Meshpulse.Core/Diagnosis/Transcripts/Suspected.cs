using Meshpulse.Core.Diagnosis.Rules;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>What is said of a node as long as nobody hears it.</summary>
/// <param name="As">What.</param>
/// <param name="Since">Since when.</param>
internal sealed record Suspected(Suspicion As, WallTime Since)
{
    /// <summary>When it was heard again; null as long as it is not. Lines are read before their time is judged.</summary>
    public WallTime? Until { get; init; }

    /// <summary>The same, which ended; the first end holds.</summary>
    public Suspected EndedAt(WallTime at) => Until is null ? this with { Until = at } : this;
}
