using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Timing;

/// <summary>
/// Sleeping until a moment, clock_nanosleep(2) with TIMER_ABSTIME. A relative sleep adds the time between working out
/// the rest and falling asleep, and again after each signal, so a grid drifts; an absolute one is simply asked again.
/// How late it wakes is the timer slack and the scheduler's business: see <see cref="ThreadTuning"/>.
/// </summary>
public static unsafe class AbsoluteSleep
{
    /// <summary>
    /// Blocks the calling thread until the monotonic clock reads <paramref name="deadline"/> or later, whatever signals
    /// come; returns at once where that moment has passed. Allocates nothing.
    /// </summary>
    /// <returns>None; another value (a kernel without the call) means that it did not sleep.</returns>
    public static Errno Until(MonoTime deadline)
    {
        // A negative tv_sec is EINVAL; before the clock's own zero is the past.
        if (deadline.Nanoseconds <= 0)
        {
            return Errno.None;
        }

        var request = Timespec.FromNanoseconds(deadline.Nanoseconds);
        Errno error;
        do
        {
            error = (Errno)Libc.clock_nanosleep(TimeConstants.CLOCK_MONOTONIC, TimeConstants.TIMER_ABSTIME, &request, null);
        }
        while (error == Errno.EINTR);
        return error;
    }
}
