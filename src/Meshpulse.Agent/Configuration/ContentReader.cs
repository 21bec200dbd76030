using Meshpulse.Core.Config.Toml;
using Meshpulse.Linux.Files;

namespace Meshpulse.Agent.Configuration;

/// <summary>
/// Reads a path again and again, where anything may have come to stand, and never waits for it: only regular files are read, they are opened
/// without blocking, and no more than the longest configuration is taken of them. (A file system that has stopped answering, as a hard mount of NFS
/// does, holds up whoever looks at it; nothing helps against that.)
/// <para>
/// The content itself is compared, not the times and the inode that stat(2) tells: a file that is written again within the
/// clock's resolution or given its old times is seen as well, a moved one and a link that leads elsewhere too, and it costs microseconds.
/// </para>
/// </summary>
internal sealed class ContentReader(string path)
{
    /// <summary>Nothing stands there, or it may not be seen.</summary>
    public const string Missing = "no such file";

    /// <summary>A directory stands there.</summary>
    public const string Folder = "this is a folder; give a file";

    /// <summary>It may not be opened.</summary>
    public const string Forbidden = "no permission to read it";

    /// <summary>It is written to all the time.</summary>
    public const string Restless = "it does not stop changing";

    private const string NotRegular = "this is no regular file";
    private const int MostTries = 10;

    private static readonly int s_longest = TomlLimits.Default.MaxBytes;

    private readonly Lock _lock = new();

    // As long as may be, but what no content has touched has no memory behind it.
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(s_longest + 1);

    /// <summary>It is longer than a configuration may be.</summary>
    public static string TooLong => $"it is longer than {s_longest} bytes";

    /// <summary>What is there now: where that is what one of the two known looks found, the known one itself.</summary>
    public FileContent Look(FileContent? known = null, FileContent? alsoKnown = null)
    {
        lock (_lock)
        {
            var problem = Fill(out var length);
            var bytes = _buffer.AsSpan(0, length);
            return known?.IsSame(bytes, problem) is true ? known
                : alsoKnown?.IsSame(bytes, problem) is true ? alsoKnown
                : problem is null ? FileContent.Of(bytes)
                : FileContent.Unreadable(problem);
        }
    }

    /// <summary>What is there now, and is the same when looked at once more: nothing that was read while it was being written.</summary>
    public FileContent LookTwice()
    {
        var seen = Look();
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var again = Look(seen);
            if (ReferenceEquals(again, seen))
            {
                return seen;
            }

            seen = again;
        }

        return FileContent.Unreadable(Restless);
    }

    private string? Fill(out int length)
    {
        var found = SmallFile.Read(path, _buffer);
        length = found.Length is { } read && read <= s_longest ? read : 0;
        return !found.Exists ? Missing
            : found.Length is not { } all ? Obstacle()
            : all > s_longest ? TooLong
            : null;
    }

    // Nothing is opened for it: that could block.
    private string Obstacle()
    {
        try
        {
            if (Directory.Exists(path))
            {
                return Folder;
            }

            // What is no regular file has no length.
            var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            return new FileInfo(target).Length switch
            {
                0 => NotRegular,
                var size when size > s_longest => TooLong,
                _ => Forbidden,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Missing;
        }
    }
}
