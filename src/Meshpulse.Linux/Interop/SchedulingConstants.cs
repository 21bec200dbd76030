namespace Meshpulse.Linux.Interop;

/// <summary>sched.h, sys/prctl.h, sys/resource.h and sys/mman.h under their own names.</summary>
internal static class SchedulingConstants
{
    public const int PR_SET_TIMERSLACK = 29;
    public const int PR_GET_TIMERSLACK = 30;

    public const int SCHED_OTHER = 0;
    public const int SCHED_FIFO = 1;
    public const int SCHED_RESET_ON_FORK = 0x40000000;

    public const int PRIO_PROCESS = 0;

    public const int MCL_CURRENT = 1;
    public const int MCL_FUTURE = 2;
    public const int MCL_ONFAULT = 4;
}
