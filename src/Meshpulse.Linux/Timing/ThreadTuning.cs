using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Timing;

/// <summary>
/// Wishes to the scheduler for the <em>calling thread</em> (Linux keeps these per thread, whatever POSIX says of
/// processes). Each may be refused, in a container mostly; that is a result, not an error. Nothing here throws.
/// </summary>
public static unsafe class ThreadTuning
{
    private const int MostFavoured = -20;

    /// <summary>
    /// By how much the kernel may delay this thread's timers to save wake-ups: 50 us unless told, PR_SET_TIMERSLACK of
    /// prctl(2). Needs no privilege. Real-time threads have none whatever is set.
    /// </summary>
    /// <param name="slack">From 1 ns; anything less is taken as 1 ns, since the kernel reads 0 as "the default".</param>
    public static TuningResult SetTimerSlack(Duration slack)
    {
        var nanoseconds = (nuint)Math.Max(1, slack.Nanoseconds);
        return Result(Libc.prctl(SchedulingConstants.PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0));
    }

    /// <summary>The timer slack in force for this thread.</summary>
    public static Duration TimerSlack() => new(Libc.prctl(SchedulingConstants.PR_GET_TIMERSLACK, 0, 0, 0, 0));

    /// <summary>
    /// First-in first-out real-time scheduling, sched(7): the thread runs before every ordinary one until it sleeps.
    /// Threads and processes that it starts are ordinary again. Needs CAP_SYS_NICE or RLIMIT_RTPRIO.
    /// </summary>
    /// <param name="priority">1 (lowest) to 99; anything else is refused with EINVAL.</param>
    public static TuningResult UseRealtime(int priority)
    {
        var parameters = new SchedParam { sched_priority = priority };
        const int policy = SchedulingConstants.SCHED_FIFO | SchedulingConstants.SCHED_RESET_ON_FORK;
        return Result(Libc.sched_setscheduler(0, policy, &parameters));
    }

    /// <summary>The nice value, setpriority(2): -20 (most favoured) to 19, clamped; below the present one needs CAP_SYS_NICE.</summary>
    public static TuningResult SetNice(int value) => Result(Libc.setpriority(SchedulingConstants.PRIO_PROCESS, 0, value));

    /// <summary>
    /// The most favoured nice value that may be had: -20 with CAP_SYS_NICE, else what RLIMIT_NICE allows (getrlimit(2)), else none. The
    /// kernel is asked for one after the other, since it knows best what it allows. Among the processes of one session only, where
    /// the kernel groups them by session (sched(7), autogroup).
    /// </summary>
    /// <param name="nice">The value in force afterwards.</param>
    /// <returns>EACCES (or EPERM) where nothing below the present value is allowed.</returns>
    public static TuningResult RaiseNice(out int nice)
    {
        var present = Libc.getpriority(SchedulingConstants.PRIO_PROCESS, 0);
        var result = new TuningResult(Errno.None);
        for (nice = MostFavoured; nice < present; nice++)
        {
            result = SetNice(nice);
            if (result.Applied)
            {
                return result;
            }
        }

        nice = present;
        return result;
    }

    /// <summary>
    /// Keeps the whole process's pages in memory once they have been touched, mlockall(2), so that no tick waits for
    /// the swap device. On fault only, because the runtime reserves address space by the hundred gigabytes. Needs
    /// CAP_IPC_LOCK: the limit of RLIMIT_MEMLOCK counts reserved space too, so a finite one refuses (ENOMEM).
    /// </summary>
    public static TuningResult LockMemory() =>
        Result(Libc.mlockall(SchedulingConstants.MCL_CURRENT | SchedulingConstants.MCL_FUTURE | SchedulingConstants.MCL_ONFAULT));

    /// <summary>Takes <see cref="LockMemory"/> back, munlockall(2).</summary>
    public static TuningResult UnlockMemory() => Result(Libc.munlockall());

    private static TuningResult Result(int result) => new(Libc.ErrnoOf(result));
}
