using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet;

/// <summary>
/// The log file: each of our slices and each change of a verdict as a line of JSON. At its size it becomes <c>FILE.1</c> and a new one is begun, so that
/// there are never more than twice as many bytes. A disk that fails costs lines, which are counted, and nothing else. Each line is handed to the
/// system at once: a crash of the agent loses none.
/// </summary>
public sealed class FleetLog : IDisposable
{
    /// <summary>The size at which the file is turned, in bytes.</summary>
    public const long DefaultSize = 64 * 1024 * 1024;

    private readonly string _path;
    private readonly long _size;
    private readonly Lock _lock = new();
    private FileStream? _file;
    private long _lost;

    /// <summary>Opens the file, or makes it, for its owner alone; what is in it stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">Where it is turned, in bytes.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public FleetLog(string path, long size = DefaultSize)
    {
        (_path, _size) = (path, size);
        _file = Open();
    }

    /// <summary>Lines that could not be written.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Writes a slice.</summary>
    public void Write(NodeSlice slice) => Write(FleetJson.Write(new SliceLogLine(SliceBatch.CurrentVersion, slice)));

    /// <summary>Writes a change.</summary>
    public void Write(VerdictChange change, WallTime at) => Write(FleetJson.Write(
        new VerdictLogLine(SliceBatch.CurrentVersion, at, VerdictLogLine.NameOf(change.Kind), VerdictEntry.Of(change.Verdict))));

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private FileStream Open()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(_path, options);
    }

    private void Write(byte[] line)
    {
        lock (_lock)
        {
            try
            {
                _file ??= Open();
                if (_file.Length > 0 && _file.Length + line.Length + 1 > _size)
                {
                    Turn();
                }

                _file.Write([.. line, (byte)'\n']);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Interlocked.Increment(ref _lost);
            }
        }
    }

    private void Turn()
    {
        _file!.Dispose();
        _file = null;
        File.Move(_path, _path + ".1", overwrite: true);
        _file = Open();
    }
}
