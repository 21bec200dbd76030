using System.IO.Enumeration;

namespace Meshpulse.Agent.Export;

/// <summary>
/// The process's own figures under the names that every Prometheus client library gives them, read from proc(5). What can't be
/// read is left out: a missing series is a fact, a zero would be a lie.
/// </summary>
public sealed class ProcessFamilies
{
    // proc(5) counts in USER_HZ, which is 100 on every architecture that .NET runs on, whatever the kernel's own HZ is.
    private const double TicksPerSecond = 100;

    private static readonly EnumerationOptions EveryEntry = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private readonly string _procRoot;
    private readonly long? _bootTime;

    /// <summary>Prepares reading.</summary>
    /// <param name="procRoot">Where proc(5) is mounted.</param>
    public ProcessFamilies(string procRoot = "/proc")
    {
        ArgumentNullException.ThrowIfNull(procRoot);
        _procRoot = procRoot;
        // Once: the file has a line per CPU and one of every interrupt, and the kernel derives btime anew from the wall clock at each read,
        // which would make the start time wander.
        _bootTime = ReadBootTime();
    }

    /// <summary>
    /// Writes <c>process_cpu_seconds_total</c>, <c>process_start_time_seconds</c>, <c>process_resident_memory_bytes</c>,
    /// <c>process_virtual_memory_bytes</c>, <c>process_threads</c>, <c>process_open_fds</c> and <c>process_max_fds</c>.
    /// </summary>
    public void Write(ExpositionWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        WriteStat(writer);
        if (CountOpenFiles() is { } open)
        {
            writer.Family("process_open_fds", MetricKind.Gauge, "Open file descriptors.");
            writer.Sample(open);
        }

        if (ReadMaxFiles() is { } max)
        {
            writer.Family("process_max_fds", MetricKind.Gauge, "The most file descriptors that may be open (soft limit).");
            writer.Sample(max);
        }
    }

    private void WriteStat(ExpositionWriter writer)
    {
        Span<byte> buffer = stackalloc byte[2048];
        var text = ProcFile.Read(Path.Combine(_procRoot, "self/stat"), buffer);
        // The second field is the program's name, in parentheses and with any bytes in it; counting starts behind it, at field 3.
        var name = text.LastIndexOf((byte)')');
        if (name < 0)
        {
            return;
        }

        var fields = text[(name + 1)..];
        if (ProcFile.TryColumn(fields, 14 - 3, out var user) && ProcFile.TryColumn(fields, 15 - 3, out var system))
        {
            writer.Family("process_cpu_seconds", MetricKind.Counter, "User and system CPU time spent.", "seconds");
            writer.Sample((user + system) / TicksPerSecond);
        }

        if (_bootTime is { } boot && ProcFile.TryColumn(fields, 22 - 3, out var start))
        {
            writer.Family("process_start_time_seconds", MetricKind.Gauge, "When the process started, since the Unix epoch.", "seconds");
            writer.Sample(boot + (start / TicksPerSecond));
        }

        WriteField(writer, fields, 24, "process_resident_memory_bytes", "Resident memory.", "bytes", Environment.SystemPageSize);
        WriteField(writer, fields, 23, "process_virtual_memory_bytes", "Virtual memory.", "bytes", 1);
        WriteField(writer, fields, 20, "process_threads", "Threads.", null, 1);
    }

    private static void WriteField(ExpositionWriter writer, ReadOnlySpan<byte> fields, int field, string name, string help, string? unit, long scale)
    {
        if (ProcFile.TryColumn(fields, field - 3, out var value))
        {
            writer.Family(name, MetricKind.Gauge, help, unit);
            writer.Sample(value * scale);
        }
    }

    private long? CountOpenFiles()
    {
        try
        {
            // A transform that makes no strings: only the number is wanted.
            var entries = new FileSystemEnumerable<byte>(Path.Combine(_procRoot, "self/fd"), static (ref FileSystemEntry _) => 0, EveryEntry);
            // One of them is the directory being read.
            return Math.Max(0, entries.LongCount() - 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private long? ReadMaxFiles()
    {
        Span<byte> buffer = stackalloc byte[4096];
        var line = ProcFile.LineAfter(ProcFile.Read(Path.Combine(_procRoot, "self/limits"), buffer), "Max open files"u8);
        // "unlimited" is no number, so it is left out.
        return ProcFile.TryColumn(line, 0, out var soft) ? soft : null;
    }

    private long? ReadBootTime()
    {
        try
        {
            foreach (var line in File.ReadLines(Path.Combine(_procRoot, "stat")))
            {
                if (line.StartsWith("btime ", StringComparison.Ordinal) && long.TryParse(line.AsSpan(6), out var seconds))
                {
                    return seconds;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left out below.
        }

        return null;
    }
}
