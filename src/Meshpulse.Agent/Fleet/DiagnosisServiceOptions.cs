using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet;

/// <summary>What a <see cref="DiagnosisService"/> stands on.</summary>
public sealed record DiagnosisServiceOptions
{
    /// <summary>How this node is called.</summary>
    public required string Self { get; init; }

    /// <summary>This run of the agent; random.</summary>
    public required ulong Run { get; init; }

    /// <summary>Cuts our own next slice.</summary>
    public required Func<ClockPairing, NodeSlice> Cut { get; init; }

    /// <summary>The peers that are connected now.</summary>
    public required Func<IReadOnlyCollection<FleetPeer>> Peers { get; init; }

    /// <summary>Is told of each change of a verdict, in order, on one thread at a time.</summary>
    public required Action<VerdictChange> OnChange { get; init; }

    /// <summary>Is told one line that an operator wants to know.</summary>
    public required Action<string> OnNote { get; init; }

    /// <summary>Is given every slice that is judged by, our own too, and when it came; must not wait. Null for nobody.</summary>
    public Action<NodeSlice, MonoTime>? OnSlice { get; init; }

    /// <summary>Is told of each peer that was asked and did not answer; must not wait. Null for nobody.</summary>
    public Action<string, MonoTime>? OnUnreachable { get; init; }

    /// <summary>Where slices and changes are written as well; null for nowhere.</summary>
    public FleetLog? Log { get; init; }

    /// <summary>From one slice to the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(250);
}
