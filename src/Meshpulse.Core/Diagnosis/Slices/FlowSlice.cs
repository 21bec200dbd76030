namespace Meshpulse.Core.Diagnosis.Slices;

/// <summary>What one flow of a path did in one slice. Losses count when they are decided: up to the timeout after the sending.</summary>
/// <param name="SourcePort">The UDP source port that makes it a flow of its own.</param>
/// <param name="Sent">Requests that left.</param>
/// <param name="Answered">Replies that came, late ones included.</param>
/// <param name="LostForward">Lost on the way there.</param>
/// <param name="LostBackward">Lost on the way back.</param>
/// <param name="LostUnknown">Lost, and nobody knows where.</param>
public readonly record struct FlowSlice(int SourcePort, long Sent, long Answered, long LostForward, long LostBackward, long LostUnknown)
{
    /// <summary>Its packets are large and must not be fragmented; those of the others are small.</summary>
    public bool IsLarge { get; init; }

    /// <summary>All losses together.</summary>
    public long Lost => LostForward + LostBackward + LostUnknown;
}
