using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Timing;

/// <summary>
/// What the kernel knows of its own wall clock, adjtimex(2): what a time daemon told it, and what it has added to that since. A daemon that does
/// not tell the kernel (chronyd without rtcsync) leaves a good clock that is not called synchronised.
/// </summary>
/// <param name="IsSynchronised">A daemon keeps it by a source from outside, and has said so within the last hours.</param>
/// <param name="EstimatedError">How far it is probably off.</param>
/// <param name="MaximumError">How far it can be off; grows by 500 us a second until the daemon speaks again, and stays at 16 s.</param>
public readonly record struct ClockStatus(bool IsSynchronised, Duration EstimatedError, Duration MaximumError)
{
    /// <summary>How much faster than its oscillator the clock is told to run, in parts per million; at most 500 either way.</summary>
    public double Frequency { get; init; }

    /// <summary>
    /// Asks the kernel; one call, which changes nothing and needs no privilege. Allocates nothing.
    /// </summary>
    /// <param name="status">The default value where it can't be had.</param>
    /// <returns>False where the call is forbidden, as some containers do (seccomp, EPERM).</returns>
    public static unsafe bool TryRead(out ClockStatus status)
    {
        Timex timex = default;
        var state = Libc.adjtimex(&timex);
        status = state < 0 ? default : From(state, timex);
        return state >= 0;
    }

    /// <summary>From the answer of the call: state and struct. Both errors are microseconds whatever STA_NANO says.</summary>
    internal static ClockStatus From(int state, Timex timex) => new(
        state != TimeConstants.TIME_ERROR && (timex.status & TimeConstants.STA_UNSYNC) == 0,
        Duration.FromMicroseconds(Math.Clamp(timex.esterror, 0, int.MaxValue)),
        Duration.FromMicroseconds(Math.Clamp(timex.maxerror, 0, int.MaxValue)))
    {
        // Parts per million with 16 bits of fraction.
        Frequency = timex.freq / 65_536.0,
    };
}
