namespace Meshpulse.Linux.Interop;

/// <summary>time.h under its own names.</summary>
internal static class TimeConstants
{
    public const int CLOCK_REALTIME = 0;
    public const int CLOCK_MONOTONIC = 1;
    public const int TIMER_ABSTIME = 1;
}
