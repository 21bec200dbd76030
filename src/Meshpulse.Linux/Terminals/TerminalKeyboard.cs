using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Terminals;

/// <summary>
/// The keys of the terminal that standard input comes from, one by one and without an echo, termios(3). Ctrl-C stays a signal. Ctrl-Z does not stop the
/// program meanwhile: the terminal would stay as it is here. Closing puts everything back as it was.
/// </summary>
public sealed unsafe class TerminalKeyboard : IDisposable
{
    private const int StandardInput = 0;

    // Tenths of a second: how long a read waits for a key.
    private const byte Patience = 1;

    private readonly int _fd;
    private readonly Termios _before;
    private bool _isClosed;

    private TerminalKeyboard(int fd, Termios before) => (_fd, _before) = (fd, before);

    /// <summary>Takes over the keys; null where standard input is no terminal.</summary>
    public static TerminalKeyboard? TryOpen() => TryOpen(StandardInput);

    internal static TerminalKeyboard? TryOpen(int fd)
    {
        Termios before;
        if (Libc.tcgetattr(fd, &before) != 0)
        {
            return null;
        }

        var settings = before;
        settings.c_lflag &= ~(TerminalConstants.ICANON | TerminalConstants.ECHO | TerminalConstants.IEXTEN);
        settings.c_cc[TerminalConstants.VMIN] = 0;
        settings.c_cc[TerminalConstants.VTIME] = Patience;
        settings.c_cc[TerminalConstants.VSUSP] = 0;
        return Libc.tcsetattr(fd, TerminalConstants.TCSANOW, &settings) == 0 ? new TerminalKeyboard(fd, before) : null;
    }

    /// <summary>Waits for keys, a tenth of a second at most.</summary>
    /// <param name="keys">Where they are put.</param>
    /// <returns>How many bytes came; 0 for none; -1 where the terminal is gone.</returns>
    public int Read(Span<byte> keys)
    {
        fixed (byte* buffer = keys)
        {
            var count = (int)Libc.read(_fd, buffer, (nuint)keys.Length);
            return count < 0 && Libc.LastErrno() == Errno.EINTR ? 0 : count;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            var before = _before;
            _ = Libc.tcsetattr(_fd, TerminalConstants.TCSANOW, &before);
        }
    }
}
