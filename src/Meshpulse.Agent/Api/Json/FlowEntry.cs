namespace Meshpulse.Agent.Api.Json;

/// <summary>What became of one flow's packets.</summary>
/// <param name="Port">Its source port.</param>
/// <param name="Sent">Packets that left.</param>
/// <param name="Answered">Replies that came.</param>
/// <param name="LostForward">Lost on the way there.</param>
/// <param name="LostBackward">Lost on the way back.</param>
/// <param name="LostUnknown">Lost, and nobody knows where.</param>
public sealed record FlowEntry(int Port, long Sent, long Answered, long LostForward, long LostBackward, long LostUnknown)
{
    /// <summary>Its packets are large; null where nobody noted it.</summary>
    public bool? Large { get; init; }

    /// <summary>What of it was lost, both ways together, in each step of the series; null where there is no series of it.</summary>
    public IReadOnlyList<double?>? LostSeries { get; init; }
}
