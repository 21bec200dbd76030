namespace Meshpulse.Linux.Interop;

/// <summary>spawn.h and sys/wait.h under their own names; the numbers of x86-64 and arm64.</summary>
internal static class ProcessConstants
{
    public const int POSIX_SPAWN_SETSIGDEF = 4;
    public const int POSIX_SPAWN_SETSIGMASK = 8;
    public const int POSIX_SPAWN_SETSID = 0x80;
    public const int P_PID = 1;
    public const int WNOHANG = 1;
    public const int WEXITED = 4;
    public const int WNOWAIT = 0x1000000;
    public const int CLD_EXITED = 1;
}
