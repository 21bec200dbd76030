using Meshpulse.Core.Time;
using Meshpulse.Linux.Files;
using Microsoft.Win32.SafeHandles;

namespace Meshpulse.Agent.Analysis;

/// <summary>
/// The file of one run, written while it runs. A disk that fails costs the rest of the report and nothing else: the failure
/// is kept in <see cref="Failure"/>.
/// </summary>
internal sealed class AnalysisReport : IDisposable
{
    private const int MostAttempts = 100;

    private readonly SafeFileHandle _file;
    private long _length;
    private byte _last = (byte)'\n';

    private AnalysisReport(SafeFileHandle file, string path) => (_file, Path) = (file, path);

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>Why nothing more is written; null where all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>Makes the file, and room for it.</summary>
    /// <exception cref="IOException">It can't be made; the message says why.</exception>
    public static AnalysisReport Create(AnalysisSettings settings, AnalysisKey key, WallTime start)
    {
        string[] names = [ReportName.Of(key.Name), ReportName.Of(key.Pair.To)];
        using var top = PinnedDirectory.Open(settings.Directory);
        using var analysis = top.Descend(names[0]);
        using var server = analysis.Descend(names[1]);
        MakeRoom(server, settings);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var name = ReportName.FileOf(start, attempt);
            if (server.TryCreate(name) is { } file)
            {
                return new AnalysisReport(file, System.IO.Path.Combine([settings.Directory, .. names, name]));
            }
        }

        throw new IOException($"{System.IO.Path.Combine([settings.Directory, .. names])}: {MostAttempts} reports of one second");
    }

    /// <summary>Appends; nothing after a failure.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Failure is not null || bytes.IsEmpty)
        {
            return;
        }

        try
        {
            RandomAccess.Write(_file, bytes, _length);
            _length += bytes.Length;
            _last = bytes[^1];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure = e.Message;
        }
    }

    /// <summary>Appends lines of our own, each behind a <c># </c>, on lines of their own.</summary>
    public void WriteNote(string text)
    {
        var note = "# " + text.Replace("\n", "\n# ", StringComparison.Ordinal) + "\n";
        Write(System.Text.Encoding.UTF8.GetBytes(_last == '\n' ? note : "\n" + note));
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Deletes the oldest reports until there is room for another. What can't be deleted stays.</summary>
    private static void MakeRoom(PinnedDirectory directory, AnalysisSettings settings)
    {
        try
        {
            var newestFirst = new DirectoryInfo(directory.HeldPath).EnumerateFiles("*.txt")
                .Where(f => ReportName.IsReport(f.Name) && f.LinkTarget is null)
                .OrderByDescending(f => f.Name, StringComparer.Ordinal);
            var (count, bytes) = (1, 0L);
            foreach (var file in newestFirst)
            {
                count++;
                bytes += file.Length;
                if (count > settings.KeptReports || bytes > settings.KeptBytes)
                {
                    file.Delete();
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whether the new report can be written is found out by writing it.
        }
    }
}
