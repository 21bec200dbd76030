namespace Meshpulse.Linux.Interop;

/// <summary>sys/ioctl.h, termios.h and unistd.h under their own names.</summary>
internal static class TerminalConstants
{
    public const int TIOCGWINSZ = 0x5413;
    public const int TCSANOW = 0;
    public const uint ICANON = 0x2;
    public const uint ECHO = 0x8;
    public const uint IEXTEN = 0x8000;
    public const int VTIME = 5;
    public const int VMIN = 6;
    public const int VSUSP = 10;
}
