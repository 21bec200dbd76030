using System.Text;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using static Meshpulse.Linux.Interop.FileConstants;

namespace Meshpulse.Linux.Vitals;

/// <summary>
/// A file of proc(5), sysfs(5) or cgroups(7) that is read again and again: opened once, then read from its beginning with pread(2), for which the kernel makes the
/// text anew. What can't be read is tried again some seconds later: cgroups move, modules come.
/// </summary>
internal sealed unsafe class SourceFile(string path) : IDisposable
{
    private static readonly Duration s_patience = Duration.FromSeconds(10);

    private readonly byte[] _path = [.. Encoding.UTF8.GetBytes(path), 0];
    private int _fd = -1;
    private MonoTime _retry;

    /// <summary>Why the last reading gave nothing; none where it gave something.</summary>
    public Errno Error { get; private set; }

    /// <summary>Reads as many whole lines as fit.</summary>
    /// <param name="buffer">Takes the text.</param>
    /// <param name="now">The time, for when to try again.</param>
    /// <returns>The text; empty where it can't be read.</returns>
    public ReadOnlySpan<byte> Read(Span<byte> buffer, MonoTime now)
    {
        if (_fd < 0 && (now < _retry || !Open(now)))
        {
            return default;
        }

        var length = ReadAll(buffer);
        if (length < 0)
        {
            Fail(Libc.LastErrno(), now);
            return default;
        }

        Error = Errno.None;
        // Full: the last line may have been cut, and half a number is a wrong one.
        return length < buffer.Length ? buffer[..length] : buffer[..(buffer.LastIndexOf((byte)'\n') + 1)];
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_fd >= 0)
        {
            _ = Libc.close(_fd);
            _fd = -1;
        }
    }

    private bool Open(MonoTime now)
    {
        fixed (byte* start = _path)
        {
            // Without blocking: in a recorded host's place could stand a pipe.
            _fd = Libc.openat(AT_FDCWD, start, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
        }

        if (_fd < 0)
        {
            Fail(Libc.LastErrno(), now);
        }

        return _fd >= 0;
    }

    private int ReadAll(Span<byte> buffer)
    {
        var length = 0;
        fixed (byte* start = buffer)
        {
            while (length < buffer.Length)
            {
                var read = (int)Libc.pread(_fd, start + length, (nuint)(buffer.Length - length), length);
                if (read <= 0)
                {
                    // What came before an error is no whole.
                    return read < 0 ? -1 : length;
                }

                length += read;
            }
        }

        return length;
    }

    private void Fail(Errno error, MonoTime now)
    {
        Dispose();
        Error = error;
        _retry = now + s_patience;
    }
}
