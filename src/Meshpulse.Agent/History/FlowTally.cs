using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.History;

/// <summary>What one flow of a path did in a window.</summary>
/// <param name="SourcePort">The UDP source port that makes it a flow of its own.</param>
/// <param name="Dscp">The code point that its packets leave with, 0 to 63.</param>
/// <param name="Sent">Requests that left.</param>
/// <param name="Unsent">Requests that were due and did not leave.</param>
/// <param name="Answered">Requests answered in time.</param>
/// <param name="Late">Requests answered after their timeout.</param>
/// <param name="LostForward">Lost on the way there.</param>
/// <param name="LostBackward">Lost on the way back.</param>
/// <param name="LostUnknown">Lost, and nobody knows where.</param>
/// <param name="Duplicates">Extra copies.</param>
/// <param name="Reordered">Replies that came after one with a greater number.</param>
public readonly record struct FlowTally(
    int SourcePort,
    int Dscp,
    long Sent,
    long Unsent,
    long Answered,
    long Late,
    long LostForward,
    long LostBackward,
    long LostUnknown,
    long Duplicates,
    long Reordered)
{
    internal static FlowTally Of(FlowCounters flow) => new(
        flow.SourcePort,
        flow.Dscp,
        flow.Sent,
        flow.Unsent,
        flow.Answered,
        flow.Late,
        flow.LostForward,
        flow.LostBackward,
        flow.LostUnknown,
        flow.Duplicates,
        flow.Reordered);

    internal FlowTally Plus(in FlowTally other) => this with
    {
        Sent = Sent + other.Sent,
        Unsent = Unsent + other.Unsent,
        Answered = Answered + other.Answered,
        Late = Late + other.Late,
        LostForward = LostForward + other.LostForward,
        LostBackward = LostBackward + other.LostBackward,
        LostUnknown = LostUnknown + other.LostUnknown,
        Duplicates = Duplicates + other.Duplicates,
        Reordered = Reordered + other.Reordered,
    };
}
