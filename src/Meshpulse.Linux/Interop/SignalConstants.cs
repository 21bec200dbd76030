namespace Meshpulse.Linux.Interop;

/// <summary>signal.h under its own names; the numbers of x86-64 and arm64.</summary>
internal static class SignalConstants
{
    public const int SIGINT = 2;
    public const int SIGKILL = 9;
    public const int SIGTERM = 15;
    public const int SIGCONT = 18;
    public const int SIGSTOP = 19;
}
