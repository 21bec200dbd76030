using Meshpulse.Agent.Fleet;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api;

/// <summary>What a <see cref="LiveMesh"/> stands on.</summary>
internal sealed record LiveOptions
{
    /// <summary>How this node is called.</summary>
    public required string Self { get; init; }

    /// <summary>The program's version.</summary>
    public required string Program { get; init; }

    /// <summary>From one heartbeat to the next.</summary>
    public required Duration PingInterval { get; init; }

    /// <summary>What is and was wrong, the newest last.</summary>
    public required Func<IReadOnlyList<Verdict>> Verdicts { get; init; }

    /// <summary>What the configuration says of a node; null where it says nothing.</summary>
    public Func<string, NodeFacts?> Facts { get; init; } = static _ => null;

    /// <summary>What became of asking a peer for its slices the last time; null where it is not asked.</summary>
    public Func<string, AskOutcome?> Asked { get; init; } = static _ => null;

    /// <summary>Both clocks.</summary>
    public required Func<ClockPairing> Clock { get; init; }

    /// <summary>A history is kept.</summary>
    public Func<bool> HasHistory { get; init; } = static () => false;
}
