using System.Diagnostics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Portable;

/// <summary>The runtime's two clocks, for any platform. On Linux they are the kernel's own, the wall clock cut to 100 ns.</summary>
internal static class PortableClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long NanosecondsPerTick = 100;

    // As in the kernel's room: a bracket wider than this was interrupted and is worth another try.
    private const long GoodBracket = 2_000;
    private const int Tries = 5;

    /// <summary>Does not step. Its zero is the platform's.</summary>
    public static MonoTime Mono() => MonoOf(Stopwatch.GetTimestamp(), Stopwatch.Frequency);

    /// <summary>May step.</summary>
    public static WallTime Wall() => new((DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * NanosecondsPerTick);

    /// <summary>Both clocks at about one moment: the wall reading between two monotonic ones whose middle is taken, the narrowest of up to five tries.</summary>
    public static ClockPairing Pair()
    {
        var best = default(ClockPairing);
        var narrowest = long.MaxValue;
        for (var attempt = 0; attempt < Tries && narrowest > GoodBracket; attempt++)
        {
            var before = Mono();
            var wall = Wall();
            var width = (Mono() - before).Nanoseconds;
            if (width < narrowest)
            {
                (narrowest, best) = (width, new ClockPairing(before + new Duration(width / 2), wall));
            }
        }

        return best;
    }

    /// <summary>A count of a timer as time; whole seconds apart, since their product with 10^9 would not fit for every timer.</summary>
    internal static MonoTime MonoOf(long ticks, long frequency)
    {
        var (seconds, rest) = Math.DivRem(ticks, frequency);
        return new MonoTime((seconds * NanosecondsPerSecond) + (long)((Int128)rest * NanosecondsPerSecond / frequency));
    }
}
