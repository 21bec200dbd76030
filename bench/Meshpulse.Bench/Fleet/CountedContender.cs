using System.Diagnostics;
using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Fleet;

/// <summary>An agent during whose turn something else is counted too.</summary>
internal sealed class CountedContender(BenchOptions options, int intervalMicroseconds, Func<(long Told, long Bytes, long Heard)> count)
    : AgentContender(options, intervalMicroseconds)
{
    private (long Told, long Bytes, long Heard) _before;
    private long _began;

    /// <summary>What was counted, a second.</summary>
    public (double Told, double Bytes, double Heard) Rates { get; private set; }

    public override async Task BeginAsync()
    {
        await base.BeginAsync();
        (_before, _began) = (count(), Stopwatch.GetTimestamp());
    }

    public override Task<OwnFigures> EndAsync()
    {
        var (now, seconds) = (count(), Stopwatch.GetElapsedTime(_began).TotalSeconds);
        Rates = ((now.Told - _before.Told) / seconds, (now.Bytes - _before.Bytes) / seconds, (now.Heard - _before.Heard) / seconds);
        return base.EndAsync();
    }
}
