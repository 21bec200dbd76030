using Meshpulse.Linux.Interop;
using static Meshpulse.Linux.Interop.FileConstants;

namespace Meshpulse.Linux.Files;

/// <summary>
/// Looks at a short file that anybody may have put there, and replaces it. Reading such a path plainly can block for ever (a FIFO without a
/// writer), never end (/dev/zero) or do something (a device); so only the beginning of a regular file is ever read, it is
/// opened without blocking, and what was opened is looked at again.
/// </summary>
public static unsafe class SmallFile
{
    private const uint ReadableByAll = 0x1A4; // 0644
    private const int PermissionBits = 0xFFF; // 07777

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

    /// <summary>
    /// Puts a file that everybody may read, whatever the umask is, in the place of whatever is there. It is written beside it and then moved
    /// over it: nobody sees half of it, and no link that somebody put there is written through.
    /// </summary>
    /// <exception cref="IOException">It can't be made; or a directory stands there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made, or another user's stands there and may not be replaced.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var whole = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(whole) ?? "/", $".{Path.GetFileName(whole)}.{Guid.NewGuid():N}");
        try
        {
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                if (Libc.fchmod((int)file.DangerousGetHandle(), ReadableByAll) < 0)
                {
                    throw new IOException($"{temporary}: {Libc.LastErrno().Text()}");
                }

                RandomAccess.Write(file, content, 0);
            }

            File.Move(temporary, whole, overwrite: true);
        }
        catch
        {
            DeleteIfThere(temporary);
            throw;
        }
    }

    private static void DeleteIfThere(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What went wrong first is what the caller wants to know.
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
        new(true, length, ((ulong)file.stx_dev_major << 32) | file.stx_dev_minor, file.stx_ino) { Mode = file.stx_mode & PermissionBits };
}
