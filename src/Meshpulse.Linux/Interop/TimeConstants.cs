namespace Meshpulse.Linux.Interop;

/// <summary>time.h and sys/timex.h under their own names.</summary>
internal static class TimeConstants
{
    public const int CLOCK_REALTIME = 0;
    public const int CLOCK_MONOTONIC = 1;
    public const int CLOCK_BOOTTIME = 7;
    public const int TIMER_ABSTIME = 1;
    public const int STA_UNSYNC = 0x40;
    public const int TIME_ERROR = 5;
}
