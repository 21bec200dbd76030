namespace Meshpulse.Linux.Interop;

/// <summary>sys/ioctl.h and unistd.h under their own names.</summary>
internal static class TerminalConstants
{
    public const int TIOCGWINSZ = 0x5413;
}
