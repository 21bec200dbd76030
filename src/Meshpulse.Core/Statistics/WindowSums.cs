using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>What a window holds. The extremes are null where nothing was answered: no data is not zero.</summary>
/// <param name="Decided">Requests that were decided in the window.</param>
/// <param name="Answered">Of these, those that were answered.</param>
/// <param name="Min">The shortest time to an answer.</param>
/// <param name="Max">The longest.</param>
public readonly record struct WindowSums(long Decided, long Answered, Duration? Min, Duration? Max)
{
    /// <summary>Nothing.</summary>
    public static WindowSums Empty => default;

    /// <summary>Requests that were not answered.</summary>
    public long Lost => Decided - Answered;

    /// <summary>Both together; the extremes are those of whichever has any.</summary>
    public WindowSums Plus(in WindowSums other) => new(
        Decided + other.Decided,
        Answered + other.Answered,
        Pick(Min, other.Min, static (a, b) => Duration.Min(a, b)),
        Pick(Max, other.Max, static (a, b) => Duration.Max(a, b)));

    private static Duration? Pick(Duration? a, Duration? b, Func<Duration, Duration, Duration> pick) =>
        a is { } x && b is { } y ? pick(x, y) : a ?? b;
}
