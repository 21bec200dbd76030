using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>Flows of one path that lose everything in one direction, while others do not.</summary>
/// <param name="Ports">Their source ports, in order; none where there are none.</param>
/// <param name="All">How many flows there are.</param>
/// <param name="IsProven">It was counted in which direction.</param>
/// <param name="Since">Since when, or earlier.</param>
/// <param name="OnlyLarge">They are those of large packets.</param>
internal sealed record DeadFlowSet(IReadOnlyList<int> Ports, int All, bool IsProven, MonoTime Since, bool OnlyLarge)
{
    /// <summary>All flows are well, or nobody knows.</summary>
    public static DeadFlowSet None { get; } = new([], 0, false, default, false);

    /// <summary>Flows of small packets have fallen silent too, if not for long enough to be called dead.</summary>
    public bool SmallSilent { get; init; }
}
