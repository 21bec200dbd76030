using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Timing;

/// <summary>
/// The kernel's two clocks, clock_gettime(2). Reading one costs 25 to 50 ns, does not enter the kernel where the clock
/// source allows (it does with tsc and arm64's counter), allocates nothing and cannot fail.
/// </summary>
public static unsafe class SystemClocks
{
    // Two clock reads take some 100 ns; a bracket wider than this was interrupted and is worth another try.
    private const long GoodBracket = 1_000;
    private const int Tries = 5;

    /// <summary>CLOCK_MONOTONIC: does not step, does not count time in suspend.</summary>
    public static MonoTime Mono() => new(Read(TimeConstants.CLOCK_MONOTONIC));

    /// <summary>CLOCK_REALTIME: the clock of kernel packet stamps; may step.</summary>
    public static WallTime Wall() => new(Read(TimeConstants.CLOCK_REALTIME));

    /// <summary>Both clocks at one moment; see <see cref="Pair(out Duration)"/>.</summary>
    public static ClockPairing Pair() => Pair(out _);

    /// <summary>
    /// Both clocks at one moment. There is no call that reads both, and between two reads the thread may lose its CPU
    /// for milliseconds, which would pass for a step of the wall clock. So the wall reading is bracketed by two
    /// monotonic ones whose middle is taken, and of up to five tries the narrowest bracket wins.
    /// </summary>
    /// <param name="uncertainty">Half the bracket: the wall reading is no further than this from the moment given.</param>
    public static ClockPairing Pair(out Duration uncertainty)
    {
        var best = default(ClockPairing);
        var narrowest = long.MaxValue;
        for (var attempt = 0; attempt < Tries && narrowest > GoodBracket; attempt++)
        {
            var before = Read(TimeConstants.CLOCK_MONOTONIC);
            var wall = Read(TimeConstants.CLOCK_REALTIME);
            var width = Read(TimeConstants.CLOCK_MONOTONIC) - before;
            if (width < narrowest)
            {
                narrowest = width;
                best = new ClockPairing(new MonoTime(before + (width / 2)), new WallTime(wall));
            }
        }

        uncertainty = new Duration((narrowest + 1) / 2);
        return best;
    }

    /// <summary>
    /// CLOCK_BOOTTIME minus CLOCK_MONOTONIC: for how long the machine has been suspended since its boot; in a time namespace a constant beside it. Read
    /// between two monotonic readings like <see cref="Pair(out Duration)"/>, so off by less than a microsecond mostly.
    /// </summary>
    public static Duration Suspended()
    {
        var (best, narrowest) = (0L, long.MaxValue);
        for (var attempt = 0; attempt < Tries && narrowest > GoodBracket; attempt++)
        {
            var before = Read(TimeConstants.CLOCK_MONOTONIC);
            var boot = Read(TimeConstants.CLOCK_BOOTTIME);
            var width = Read(TimeConstants.CLOCK_MONOTONIC) - before;
            if (width < narrowest)
            {
                (best, narrowest) = (boot - before - (width / 2), width);
            }
        }

        return new Duration(best);
    }

    private static long Read(int clock)
    {
        Timespec time;
        // Fails for an unknown clock or a bad pointer only, and neither can be.
        _ = Libc.clock_gettime(clock, &time);
        return time.ToNanoseconds();
    }
}
