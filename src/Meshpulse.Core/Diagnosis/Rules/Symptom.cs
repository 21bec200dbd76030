using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>What is wrong with packets from one node to another.</summary>
/// <param name="What">A kind of the path's.</param>
/// <param name="From">Whose packets.</param>
/// <param name="To">To whom.</param>
/// <param name="Since">When it began.</param>
/// <param name="Confidence">How sure that is by this pair alone.</param>
internal sealed record Symptom(VerdictKind What, string From, string To, MonoTime Since, double Confidence)
{
    public IReadOnlyList<VerdictEvidence> Evidence { get; init; } = [];

    /// <summary>The source ports of the flows concerned, for the loss of flows.</summary>
    public IReadOnlyList<int> Flows { get; init; } = [];

    /// <summary>Which of the two directions it is can't be told: the other suffers or not.</summary>
    public bool IsEitherWay { get; init; }

    /// <summary>When it last happened, for what is counted over a time; null for now.</summary>
    public MonoTime? Latest { get; init; }

    /// <summary>How bad it is, in the kind's own measure: the share lost, the milliseconds more.</summary>
    public double Size { get; init; }
}
