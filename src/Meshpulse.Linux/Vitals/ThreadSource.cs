using System.Globalization;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Vitals;

/// <summary>All threads of ours: /proc/self/task. New ones are looked for once a second; those that ended are dropped when their files say so.</summary>
internal sealed class ThreadSource(string proc) : IDisposable
{
    /// <summary>More are not read: two files are held open for each.</summary>
    private const int Most = 256;

    private static readonly Duration s_lookEvery = Duration.FromSeconds(1);

    private readonly string _directory = Path.Combine(proc, "self/task");
    private readonly Dictionary<int, ThreadFiles> _threads = [];
    private MonoTime _lookAt;
    private string? _failure;

    /// <summary>Reads them.</summary>
    /// <param name="buffer">For texts.</param>
    /// <param name="now">The time.</param>
    /// <param name="probing">Whose allowed CPUs are wanted; null for those of the first thread.</param>
    /// <param name="missing">Takes what can't be read.</param>
    /// <param name="allowed">The allowed CPUs; null where they are not known.</param>
    /// <returns>Null where there is nothing to read.</returns>
    public IReadOnlyList<ThreadReading>? Read(Span<byte> buffer, MonoTime now, int? probing, List<string> missing, out CpuSet? allowed)
    {
        if (now >= _lookAt)
        {
            _lookAt = now + s_lookEvery;
            Look();
        }

        allowed = null;
        var wanted = probing is { } tid && _threads.ContainsKey(tid) ? tid : _threads.Keys.DefaultIfEmpty(0).Min();
        var readings = new List<ThreadReading>(_threads.Count);
        Errno? failed = null;
        foreach (var thread in _threads.Values)
        {
            var reading = thread.Read(buffer, now, thread.Tid == wanted);
            if (thread.IsGone)
            {
                _threads.Remove(thread.Tid);
                thread.Dispose();
                continue;
            }

            failed = reading.RunQueueDelay is null ? thread.SchedstatError : failed;
            allowed ??= thread.AllowedCpus;
            readings.Add(reading);
        }

        Tell(missing, failed, allowed, readings.Count);
        return readings.Count == 0 ? null : readings;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var thread in _threads.Values)
        {
            thread.Dispose();
        }

        _threads.Clear();
    }

    private void Tell(List<string> missing, Errno? failed, CpuSet? allowed, int count)
    {
        if (count == 0 || _failure is not null)
        {
            missing.Add($"threads: {_failure ?? "none found"}");
        }

        if (failed is { } error)
        {
            missing.Add($"threads.schedstat: {HostReader.Reason(error)}");
        }

        if (count > 0 && allowed is null)
        {
            missing.Add("threads.status: no allowed CPUs");
        }
    }

    private void Look()
    {
        _failure = null;
        try
        {
            foreach (var directory in Directory.EnumerateDirectories(_directory))
            {
                if (!int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var tid) || _threads.ContainsKey(tid))
                {
                    continue;
                }

                if (_threads.Count >= Most)
                {
                    _failure = $"more than {Most}";
                    return;
                }

                _threads.Add(tid, new ThreadFiles(directory, tid));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failure = e is UnauthorizedAccessException ? Errno.EACCES.Text() : Errno.ENOENT.Text();
        }
    }
}
