using Meshpulse.Linux.Interop;
using static Meshpulse.Linux.Interop.FileConstants;

namespace Meshpulse.Linux.Files;

/// <summary>
/// Looks at a file that anybody may have put there. Reading such a path plainly can block for ever (a FIFO without a
/// writer), never end (/dev/zero) or do something (a device); so only the beginning of a regular file is ever read, it is
/// opened without blocking, and what was opened is looked at again.
/// </summary>
public static unsafe class SmallFile
{
    /// <summary>Whether something is there, and its content where that is readable and short.</summary>
    /// <param name="path">The path; symbolic links are followed, and one that leads nowhere is nothing.</param>
    /// <param name="content">Takes the content; its length is the bound.</param>
    public static SmallFileState Read(string path, Span<byte> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes = [.. System.Text.Encoding.UTF8.GetBytes(path), 0];
        fixed (byte* name = bytes)
        {
            if (Look(AT_FDCWD, name, 0) is not { } seen)
            {
                return default;
            }

            return IsRegular(seen) ? ReadRegular(name, seen, content) : State(seen, null);
        }
    }

    private static SmallFileState ReadRegular(byte* name, Statx seen, Span<byte> content)
    {
        var fd = Libc.openat(AT_FDCWD, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
        if (fd < 0)
        {
            return State(seen, null);
        }

        try
        {
            byte empty = 0;
            return Look(fd, &empty, AT_EMPTY_PATH) is { } held && IsRegular(held) && held.stx_size <= (ulong)content.Length
                ? State(held, ReadAll(fd, content))
                : State(seen, null);
        }
        finally
        {
            _ = Libc.close(fd);
        }
    }

    private static int? ReadAll(int fd, Span<byte> content)
    {
        var length = 0;
        fixed (byte* start = content)
        {
            while (length < content.Length)
            {
                var read = (int)Libc.read(fd, start + length, (nuint)(content.Length - length));
                if (read < 0)
                {
                    return null;
                }

                if (read == 0)
                {
                    break;
                }

                length += read;
            }
        }

        return length;
    }

    private static Statx? Look(int directory, byte* name, int flags)
    {
        Statx result;
        return Libc.statx(directory, name, flags, STATX_BASIC_STATS, &result) == 0 ? result : null;
    }

    private static bool IsRegular(Statx file) => (file.stx_mode & S_IFMT) == S_IFREG;

    private static SmallFileState State(Statx file, int? length) =>
        new(true, length, ((ulong)file.stx_dev_major << 32) | file.stx_dev_minor, file.stx_ino);
}
