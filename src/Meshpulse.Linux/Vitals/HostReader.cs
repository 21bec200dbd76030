using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Linux.Vitals;

/// <summary>
/// Reads everything that a host tells of itself. Files stay open and are read again from their beginning, at most 128 kB of each; what changes rarely is read every ten
/// seconds. A source that can't be read costs its figures and nothing else: it is told as missing, with the reason, and tried again now and then.
/// Nothing here throws on what the files hold. One reading takes about 0.3 ms of CPU with 20 threads. All calls come from one thread.
/// </summary>
public sealed class HostReader : IDisposable
{
    private const int MostCpus = 2_048;

    private static readonly Duration s_slowEvery = Duration.FromSeconds(10);

    private readonly byte[] _buffer = new byte[128 * 1024];
    private readonly CpuTicks[] _cpus = new CpuTicks[MostCpus];
    private readonly string _proc;
    private readonly ThreadSource _threads;
    private readonly PressureFiles _pressure = new("pressure");
    private readonly CgroupSource _cgroup;
    private readonly PowerSource _powerSource;
    private readonly NetworkSource _network;
    private readonly SourceFile _stat;
    private readonly SourceFile _selfStat;
    private readonly List<string> _slowMissing = [];
    private PowerSaving? _power;
    private MonoTime _slowAt;
    private int? _self;

    /// <summary>Prepares reading; nothing is opened yet.</summary>
    public HostReader(HostRoots roots)
    {
        ArgumentNullException.ThrowIfNull(roots);
        _proc = roots.Proc;
        _threads = new ThreadSource(roots.Proc);
        _pressure.Use($"{roots.Proc}/pressure", "");
        _cgroup = new CgroupSource(roots);
        _powerSource = new PowerSource(roots);
        _network = new NetworkSource(roots.Proc);
        _stat = new SourceFile($"{roots.Proc}/stat");
        _selfStat = new SourceFile($"{roots.Proc}/self/stat");
    }

    /// <summary>Reads everything once.</summary>
    /// <param name="due">When the calling thread was to wake up for this; null where it was not asleep.</param>
    /// <param name="probing">The number of the probing thread; null where it is not known.</param>
    public HostReading Read(MonoTime? due, int? probing)
    {
        // The clocks first: how late the thread woke up is in them.
        var clocks = SystemClocks.Pair(out var uncertainty);
        var now = clocks.Mono;
        var missing = new List<string>();
        var threads = _threads.Read(_buffer, now, probing, missing, out var allowed);
        ReadSlow(now, allowed);
        var reading = new HostReading(clocks)
        {
            ClockUncertainty = uncertainty,
            Due = due,
            Suspended = SystemClocks.Suspended(),
            Threads = threads,
            ProbingThread = probing,
            ReadingThread = _self,
            Cpus = Cpus(now, missing),
            AllowedCpus = allowed,
            OnlineCpuCount = _powerSource.Online?.Count,
            Pressure = _pressure.Read(_buffer, now, missing),
            CgroupPressure = _cgroup.ReadPressure(_buffer, now, missing),
            Cgroup = _cgroup.ReadCpu(_buffer, now, missing),
            CgroupName = _cgroup.Name,
            MajorFaults = MajorFaults(now, missing),
            Power = _power,
            Network = _network.Read(_buffer, now, missing),
            SoftnetCpus = _network.SoftnetCpus,
            Interfaces = _network.Interfaces,
        };
        return WithClock(reading, missing) with { Missing = [.. missing, .. _slowMissing] };
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _threads.Dispose();
        _pressure.Dispose();
        _cgroup.Dispose();
        _network.Dispose();
        _stat.Dispose();
        _selfStat.Dispose();
    }

    /// <summary>Why a source gave nothing. Without an error it was read, and is not what it should be.</summary>
    internal static string Reason(Errno error) => error == Errno.None ? "unknown form" : error.Text();

    private static HostReading WithClock(HostReading reading, List<string> missing)
    {
        if (ClockStatus.TryRead(out var status))
        {
            return reading with { IsClockSynchronised = status.IsSynchronised, ClockFrequency = status.Frequency };
        }

        missing.Add("adjtimex: forbidden");
        return reading;
    }

    private void ReadSlow(MonoTime now, CpuSet? allowed)
    {
        if (now < _slowAt)
        {
            return;
        }

        _slowAt = now + s_slowEvery;
        _slowMissing.Clear();
        _self = OwnThread.Id(_proc);
        _cgroup.Look(_buffer, now);
        _power = _powerSource.Read(allowed, _buffer, now, _slowMissing);
    }

    private CpuTicks[]? Cpus(MonoTime now, List<string> missing)
    {
        var count = CpuStatText.Read(_stat.Read(_buffer, now), _cpus);
        if (count == 0)
        {
            missing.Add($"stat: {Reason(_stat.Error)}");
            return null;
        }

        return _cpus.AsSpan(0, count).ToArray();
    }

    private long? MajorFaults(MonoTime now, List<string> missing)
    {
        var faults = ThreadText.MajorFaults(_selfStat.Read(_buffer, now));
        if (faults is null)
        {
            missing.Add($"self/stat: {Reason(_selfStat.Error)}");
        }

        return faults;
    }
}
