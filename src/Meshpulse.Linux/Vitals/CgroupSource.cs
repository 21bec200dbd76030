using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Vitals;

/// <summary>
/// Our cgroup: its pressure, and of it and those above it the one with the tightest CPU quota. Where that is, is looked for every ten seconds; quota and figures are
/// read each time.
/// </summary>
internal sealed class CgroupSource(HostRoots roots) : IDisposable
{
    private const int SmallFile = 4_096;

    private readonly SourceFile _cgroup = new($"{roots.Proc}/self/cgroup");
    private readonly SourceFile _mountinfo = new($"{roots.Proc}/self/mountinfo");
    private readonly PressureFiles _pressure = new("cgroup.pressure");
    private SourceFile? _stat;
    private SourceFile? _quota;
    private SourceFile? _period;

    /// <summary>The directory that <see cref="ReadCpu"/> reads; null where there is none.</summary>
    public string? Name { get; private set; }

    /// <summary>Finds out where we are, and which quota is the tightest.</summary>
    public void Look(Span<byte> buffer, MonoTime now)
    {
        var layout = CgroupLayout.None;
        // Two files in one buffer: the first is short.
        var first = _cgroup.Read(buffer[..(buffer.Length / 4)], now);
        if (!first.IsEmpty)
        {
            layout = CgroupLayout.Read(first, _mountinfo.Read(buffer[(buffer.Length / 4)..], now));
        }

        _pressure.Use(layout.Pressure is { } place ? $"{roots.Mounts}{place.Directories()[0]}" : null, ".pressure");
        UseTightest(layout.Cpu, buffer, now);
    }

    /// <summary>Quota and totals.</summary>
    public CgroupCpu? ReadCpu(Span<byte> buffer, MonoTime now, List<string> missing)
    {
        if (_stat is null)
        {
            missing.Add("cgroup.cpu: not mounted");
            return null;
        }

        _ = TryQuota(_quota!, _period, buffer, now, out var quota);
        var read = CgroupCpuText.Stat(_stat.Read(buffer, now), quota);
        if (read is null)
        {
            missing.Add($"cgroup.cpu: {HostReader.Reason(_stat.Error)}");
        }

        return read;
    }

    /// <summary>Pressure in our cgroup.</summary>
    public HostPressure ReadPressure(Span<byte> buffer, MonoTime now, List<string> missing) => _pressure.Read(buffer, now, missing);

    /// <inheritdoc />
    public void Dispose()
    {
        _cgroup.Dispose();
        _mountinfo.Dispose();
        _pressure.Dispose();
        CloseCpu();
    }

    private void UseTightest(CgroupPlace? place, Span<byte> buffer, MonoTime now)
    {
        string? name = null;
        var tightest = double.MaxValue;
        foreach (var inside in place?.Directories() ?? [])
        {
            var directory = roots.Mounts + inside;
            // Without any quota our own cgroup's figures are told, or the nearest one's that has any.
            if (name is null && File.Exists($"{directory}/cpu.stat"))
            {
                name = directory;
            }

            var (quota, period) = QuotaFiles(directory, place!.Value.IsV2);
            using (quota)
            using (period)
            {
                if (TryQuota(quota, period, buffer, now, out var cpus) && cpus < tightest)
                {
                    (name, tightest) = (directory, cpus.Value);
                }
            }
        }

        if (name == Name)
        {
            return;
        }

        CloseCpu();
        Name = name;
        if (name is not null)
        {
            _stat = new SourceFile($"{name}/cpu.stat");
            (_quota, _period) = QuotaFiles(name, place!.Value.IsV2);
        }
    }

    private void CloseCpu()
    {
        _stat?.Dispose();
        _quota?.Dispose();
        _period?.Dispose();
        (_stat, _quota, _period) = (null, null, null);
    }

    private static (SourceFile Quota, SourceFile? Period) QuotaFiles(string directory, bool isV2) => isV2
        ? (new SourceFile($"{directory}/cpu.max"), null)
        : (new SourceFile($"{directory}/cpu.cfs_quota_us"), new SourceFile($"{directory}/cpu.cfs_period_us"));

    private static bool TryQuota(SourceFile quota, SourceFile? period, Span<byte> buffer, MonoTime now, out double? cpus)
    {
        var text = quota.Read(buffer[..SmallFile], now);
        return period is null
            ? CgroupCpuText.TryMax(text, out cpus)
            : CgroupCpuText.TryQuota(text, period.Read(buffer.Slice(SmallFile, SmallFile), now), out cpus);
    }
}
