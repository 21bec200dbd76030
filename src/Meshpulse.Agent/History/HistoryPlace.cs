using System.Diagnostics;
using System.Globalization;

namespace Meshpulse.Agent.History;

/// <summary>Where a store's file is, and what happens to it as a file: its name, the lock of its one writer, setting it aside.</summary>
public static class HistoryPlace
{
    /// <summary>How the names of stores end.</summary>
    public const string Extension = ".history";

    private const int MostSetAside = 2;

    private static readonly TimeSpan s_lockLook = TimeSpan.FromMilliseconds(10);

    /// <summary>The folder that a service manager has given us for such things; null where there is none.</summary>
    /// <remarks>systemd.exec(5), StateDirectory=: several are separated by colons.</remarks>
    public static string? StateDirectory => Environment.GetEnvironmentVariable("STATE_DIRECTORY") is { Length: > 0 } folders ? folders.Split(':')[0] : null;

    /// <summary>Where stores are looked for when nobody says where.</summary>
    public static IReadOnlyList<string> UsualFolders =>
        [.. new[] { StateDirectory, "/var/lib/meshpulse", Path.Combine(StateHome, "meshpulse") }.OfType<string>().Distinct(StringComparer.Ordinal)];

    // XDG Base Directory Specification: state that should persist between restarts.
    private static string StateHome => Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } home
        ? home
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");

    /// <summary>The file of a node, in a folder or as it was given.</summary>
    /// <param name="place">A folder that is there, or ends with a slash; else the file itself.</param>
    /// <param name="node">The node's name: several agents can share a folder.</param>
    public static string FileOf(string place, string node) =>
        place.EndsWith('/') || Directory.Exists(place) ? Path.Combine(place, NameOf(node) + Extension) : place;

    /// <summary>The stores in a place: itself where it is a file; those in it, the one that was written last first, where it is a folder.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static IReadOnlyList<string> FilesIn(string place) => Directory.Exists(place)
        ? [.. Directory.EnumerateFiles(place, "*" + Extension).OrderByDescending(LastWritten).ThenBy(f => f, StringComparer.Ordinal)]
        : File.Exists(place) ? [place] : [];

    /// <summary>Makes sure that this process alone writes the file, and that nobody else reads it.</summary>
    /// <param name="file">The store; its folder is made where it is not there.</param>
    /// <param name="patience">For how long to wait where another seems to write it.</param>
    /// <returns>To be disposed of when it is not written any more.</returns>
    /// <exception cref="HistoryFileException">Another writes it, or it can't be made.</exception>
    /// <remarks>Who was told to end may still be writing its last when the next one has already begun.</remarks>
    internal static IDisposable Take(string file, TimeSpan patience)
    {
        var began = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return TakeNow(file);
            }
            catch (HistoryFileException e) when (e.Fault == HistoryFileFault.Taken && began.Elapsed < patience)
            {
                Thread.Sleep(s_lockLook);
            }
        }
    }

    /// <summary>Renames a file that can't be used, with its log; of those the last two are kept.</summary>
    /// <param name="file">The file.</param>
    /// <param name="why">Becomes part of the name: <c>damaged</c> or <c>newer</c>.</param>
    /// <param name="now">Becomes part of the name.</param>
    /// <returns>What it is called now.</returns>
    /// <exception cref="IOException">It can't be renamed.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    internal static string SetAside(string file, string why, DateTimeOffset now)
    {
        var stem = $"{file}.{why}-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        var to = stem;
        for (var more = 2; File.Exists(to); more++)
        {
            to = string.Create(CultureInfo.InvariantCulture, $"{stem}-{more}");
        }

        File.Move(file, to);
        if (File.Exists(file + "-wal"))
        {
            File.Move(file + "-wal", to + "-wal", overwrite: true);
        }

        File.Delete(file + "-shm");
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var old = Directory.EnumerateFiles(folder, $"{Path.GetFileName(file)}.{why}-*").Where(f => !f.EndsWith("-wal", StringComparison.Ordinal) && !f.EndsWith("-shm", StringComparison.Ordinal));
        foreach (var surplus in old.OrderByDescending(LastWritten).ThenByDescending(f => f, StringComparer.Ordinal).Skip(MostSetAside).ToList())
        {
            File.Delete(surplus);
            File.Delete(surplus + "-wal");
        }

        return to;
    }

    private static FileStream TakeNow(string file)
    {
        try
        {
            if (Path.GetDirectoryName(file) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            // flock(2): whoever is killed holds nothing any more.
            var seat = new FileStream(file + ".lock", Owned(FileMode.OpenOrCreate, FileShare.None));
            try
            {
                // SQLite gives its log the rights of the file, so the file is made first.
                new FileStream(file, Owned(FileMode.OpenOrCreate, FileShare.ReadWrite)).Dispose();
                return seat;
            }
            catch
            {
                seat.Dispose();
                throw;
            }
        }
        catch (UnauthorizedAccessException)
        {
            throw new HistoryFileException(HistoryFileFault.Unusable, "can't be written: permission denied");
        }
        catch (IOException e)
        {
            throw File.Exists(file + ".lock") && e is not (FileNotFoundException or DirectoryNotFoundException) && IsTaken(e)
                ? new HistoryFileException(HistoryFileFault.Taken, "is written by another agent")
                : new HistoryFileException(HistoryFileFault.Unusable, $"can't be written: {e.Message}");
        }
    }

    private static FileStreamOptions Owned(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    // EWOULDBLOCK is what the runtime's sharing violation is made of.
    private static bool IsTaken(IOException e) => e.HResult is 11 or unchecked((int)0x80070020);

    private static DateTime LastWritten(string file)
    {
        var log = file + "-wal";
        var (own, logs) = (File.GetLastWriteTimeUtc(file), File.Exists(log) ? File.GetLastWriteTimeUtc(log) : DateTime.MinValue);
        return own > logs ? own : logs;
    }

    private static string NameOf(string node) => string.Concat(node.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
}
