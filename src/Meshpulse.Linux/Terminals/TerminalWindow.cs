using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Terminals;

/// <summary>
/// The window of the terminal that standard output goes to, ioctl_tty(2). .NET's own way switches the terminal's keys over when it is first
/// asked, by writing to it, and does not switch them back.
/// </summary>
public static unsafe class TerminalWindow
{
    private const int StandardOutput = 1;

    /// <summary>The size as it is now; false where standard output is no terminal, or one that does not know its size.</summary>
    /// <param name="columns">Characters in a line, 1 to 65,535.</param>
    /// <param name="lines">Lines, 1 to 65,535.</param>
    public static bool TryGetSize(out int columns, out int lines) => TryGetSize(StandardOutput, out columns, out lines);

    internal static bool TryGetSize(int fd, out int columns, out int lines)
    {
        Winsize size = default;
        var known = Libc.ioctl(fd, TerminalConstants.TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
        (columns, lines) = known ? (size.ws_col, size.ws_row) : (0, 0);
        return known;
    }
}
