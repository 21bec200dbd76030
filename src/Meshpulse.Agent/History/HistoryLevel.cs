namespace Meshpulse.Agent.History;

/// <summary>One resolution of the store.</summary>
/// <param name="Step">How long its windows are, in seconds; each a multiple of that of the level below.</param>
/// <param name="Keep">For how long they are kept, in seconds.</param>
/// <param name="Share">What part of the bytes it may take where they don't suffice for all.</param>
internal sealed record HistoryLevel(int Step, long Keep, double Share)
{
    /// <summary>One second for an hour, ten for a day, a minute for thirty days; the finest first.</summary>
    public static IReadOnlyList<HistoryLevel> Usual { get; } =
        [new(1, 3_600, 0.35), new(10, 86_400, 0.30), new(60, 30 * 86_400, 0.35)];
}
