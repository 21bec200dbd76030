using System.Runtime.InteropServices;
using Meshpulse.Linux.Interop;
using Microsoft.Win32.SafeHandles;
using static Meshpulse.Linux.Interop.FileConstants;

namespace Meshpulse.Linux.Files;

/// <summary>
/// A directory that is held open, in which files can be made that end up there and nowhere else.
/// <para>
/// The problem: a privileged program that writes below /tmp under names that can be guessed. Whoever may write to /tmp
/// can put a symbolic link in its way, before it comes or between two of its steps, and it then creates or overwrites files of
/// the attacker's choice. The obvious way, to look at the path and then open it, leaves the time between the two.
/// </para>
/// <para>
/// What we do: go down one name at a time, each opened relative to the directory held before it, never through a symbolic
/// link (O_NOFOLLOW), and looked at only once it is held: it must be a directory of ours or of root's that nobody else may
/// write to. Below such a directory nobody else can put anything. New directories are 0700, new files 0600 and always new
/// (O_EXCL). The parents of the first directory are the operator's choice and taken as they are.
/// </para>
/// </summary>
public sealed unsafe class PinnedDirectory : IDisposable
{
    private const uint DirectoryMode = 0x1C0; // 0700
    private const uint FileMode = 0x180; // 0600

    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private PinnedDirectory(SafeFileHandle handle, string path) => (_handle, _path) = (handle, path);

    /// <summary>
    /// The directory by a path that leads to it, whatever its name has become since; for listing and deleting. Holds as
    /// long as this object is not disposed of.
    /// </summary>
    public string HeldPath => $"/proc/self/fd/{Fd}";

    private int Fd => (int)_handle.DangerousGetHandle();

    /// <summary>Opens or makes the directory, and its parents where those are missing.</summary>
    /// <exception cref="IOException">It is a symbolic link or somebody else's, or can't be made; the message says so, with the path.</exception>
    public static PinnedDirectory Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(whole) is { } parent)
        {
            MakeParents(parent);
        }

        return Open(AT_FDCWD, whole, whole);
    }

    /// <summary>Opens or makes a directory in this one.</summary>
    /// <param name="name">One name: no slash, not empty, neither <c>.</c> nor <c>..</c>.</param>
    /// <exception cref="IOException">As <see cref="Open(string)"/>.</exception>
    public PinnedDirectory Descend(string name)
    {
        ThrowIfNoName(name);
        return Open(Fd, name, Path.Combine(_path, name));
    }

    /// <summary>Makes a file that was not there before, for writing.</summary>
    /// <param name="name">One name, as for <see cref="Descend"/>.</param>
    /// <returns>The file; null where the name is taken.</returns>
    /// <exception cref="IOException">It can't be made.</exception>
    public SafeFileHandle? TryCreate(string name)
    {
        ThrowIfNoName(name);
        var fd = OpenAt(Fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | DirectoryFlags.NoFollow, FileMode, out var error);
        return error switch
        {
            Errno.None => new SafeFileHandle(fd, ownsHandle: true),
            Errno.EEXIST => null,
            _ => throw Refused(Path.Combine(_path, name), error.Text()),
        };
    }

    /// <inheritdoc />
    public void Dispose() => _handle.Dispose();

    private static PinnedDirectory Open(int parent, string name, string path)
    {
        var flags = O_RDONLY | O_CLOEXEC | DirectoryFlags.Directory | DirectoryFlags.NoFollow;
        var fd = OpenAt(parent, name, flags, 0, out var error);
        if (error == Errno.ENOENT)
        {
            // Somebody may be quicker; what counts is what is then found there.
            _ = MakeAt(parent, name);
            fd = OpenAt(parent, name, flags, 0, out error);
        }

        if (error != Errno.None)
        {
            // With both flags a symbolic link answers ENOTDIR.
            throw Refused(path, error is Errno.ENOTDIR or Errno.ELOOP ? "is a symbolic link or no directory" : error.Text());
        }

        var handle = new SafeFileHandle(fd, ownsHandle: true);
        if (Objection(fd) is { } objection)
        {
            handle.Dispose();
            throw Refused(path, objection);
        }

        return new PinnedDirectory(handle, path);
    }

    private static string? Objection(int fd)
    {
        Statx found;
        byte empty = 0;
        if (Libc.statx(fd, &empty, AT_EMPTY_PATH, STATX_BASIC_STATS, &found) < 0)
        {
            return Libc.LastErrno().Text();
        }

        var self = Libc.geteuid();
        if (found.stx_uid != self && found.stx_uid != 0)
        {
            return $"belongs to user {found.stx_uid}, who could lead what is written there elsewhere";
        }

        if ((found.stx_mode & (S_IWGRP | S_IWOTH)) == 0)
        {
            return null;
        }

        // Our own, made under a generous umask: put right.
        var tighter = (uint)(found.stx_mode & ~(S_IFMT | S_IWGRP | S_IWOTH));
        return found.stx_uid == self && Libc.fchmod(fd, tighter) == 0 ? null : "may be written to by others";
    }

    private static void MakeParents(string parent)
    {
        try
        {
            Directory.CreateDirectory(parent);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    private static int OpenAt(int directory, string name, int flags, uint mode, out Errno error)
    {
        fixed (byte* path = Bytes(name))
        {
            var fd = Libc.openat(directory, path, flags, mode);
            error = Libc.ErrnoOf(fd);
            return fd;
        }
    }

    private static int MakeAt(int directory, string name)
    {
        fixed (byte* path = Bytes(name))
        {
            return Libc.mkdirat(directory, path, DirectoryMode);
        }
    }

    private static byte[] Bytes(string name) => [.. System.Text.Encoding.UTF8.GetBytes(name), 0];

    private static IOException Refused(string path, string reason) => new($"{path}: {reason}");

    private static void ThrowIfNoName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name is "." or ".." || name.Contains('/') || name.Contains('\0'))
        {
            throw new ArgumentException("One name is wanted, not a path", nameof(name));
        }
    }
}
