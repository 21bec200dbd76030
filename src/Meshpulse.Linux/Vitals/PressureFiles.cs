using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Linux.Vitals;

/// <summary>The three pressure files of a host or a cgroup.</summary>
/// <param name="name">What they are called where they are missing.</param>
internal sealed class PressureFiles(string name) : IDisposable
{
    private string? _directory;
    private SourceFile? _cpu;
    private SourceFile? _io;
    private SourceFile? _memory;

    /// <summary>Where they are from now on; null for nowhere.</summary>
    /// <param name="directory">Their directory.</param>
    /// <param name="ending">What follows <c>cpu</c>, <c>io</c> and <c>memory</c>.</param>
    public void Use(string? directory, string ending)
    {
        if (directory == _directory)
        {
            return;
        }

        Dispose();
        _directory = directory;
        if (directory is not null)
        {
            _cpu = new SourceFile($"{directory}/cpu{ending}");
            _io = new SourceFile($"{directory}/io{ending}");
            _memory = new SourceFile($"{directory}/memory{ending}");
        }
    }

    /// <summary>Totals of all three.</summary>
    public HostPressure Read(Span<byte> buffer, MonoTime now, List<string> missing)
    {
        if (_directory is null)
        {
            missing.Add($"{name}: not mounted");
            return default;
        }

        return new HostPressure(One(_cpu!, "cpu", buffer, now, missing), One(_io!, "io", buffer, now, missing), One(_memory!, "memory", buffer, now, missing));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _cpu?.Dispose();
        _io?.Dispose();
        _memory?.Dispose();
    }

    private PressureTime? One(SourceFile file, string resource, Span<byte> buffer, MonoTime now, List<string> missing)
    {
        var read = PressureText.Read(file.Read(buffer, now));
        if (read is null)
        {
            missing.Add($"{name}.{resource}: {HostReader.Reason(file.Error)}");
        }

        return read;
    }
}
