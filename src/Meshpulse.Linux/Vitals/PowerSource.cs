using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Vitals;

/// <summary>How the host saves power. It hardly ever changes and takes many small files, so it is asked for rarely and nothing is held open.</summary>
internal sealed class PowerSource(HostRoots roots)
{
    /// <summary>Governors are set for all CPUs alike, nearly always.</summary>
    private const int MostCpus = 64;

    /// <summary>CPUIDLE_STATE_MAX is 10.</summary>
    private const int MostStates = 16;

    private readonly string _cpus = Path.Combine(roots.Sys, "devices/system/cpu");

    /// <summary>CPUs that are online, as of <see cref="Read"/>.</summary>
    public CpuSet? Online { get; private set; }

    /// <summary>Reads everything.</summary>
    /// <param name="allowed">The CPUs that we may use; null for all.</param>
    /// <param name="buffer">For texts.</param>
    /// <param name="now">The time.</param>
    /// <param name="missing">Takes what can't be read.</param>
    /// <returns>Null where nothing could be.</returns>
    public PowerSaving? Read(CpuSet? allowed, Span<byte> buffer, MonoTime now, List<string> missing)
    {
        Online = CpuSet.TryParse(Once($"{_cpus}/online", buffer, now, out var error), out var online) ? online : null;
        Note(missing, "cpu/online", Online is null, error);
        var governor = Governors(allowed ?? Online, buffer, now, out error);
        Note(missing, "cpufreq", governor is null, error);
        var (state, latency) = Deepest((allowed ?? Online)?.First ?? 0, buffer, now, out error);
        Note(missing, "cpuidle", state is null, error);
        var commandLine = Once($"{roots.Proc}/cmdline", buffer, now, out error);
        Note(missing, "cmdline", error != Errno.None, error);
        var isKnown = governor is not null || state is not null || error == Errno.None;
        return isKnown ? new PowerSaving(governor, state, latency, PowerText.IdleOption(commandLine)) : null;
    }

    private static void Note(List<string> missing, string name, bool isMissing, Errno error)
    {
        if (isMissing)
        {
            missing.Add($"{name}: {HostReader.Reason(error)}");
        }
    }

    private static ReadOnlySpan<byte> Once(string path, Span<byte> buffer, MonoTime now, out Errno error)
    {
        using var file = new SourceFile(path);
        var text = file.Read(buffer, now);
        error = file.Error;
        return text;
    }

    private string? Governors(CpuSet? cpus, Span<byte> buffer, MonoTime now, out Errno error)
    {
        error = Errno.ENOENT;
        var found = new SortedSet<string>(StringComparer.Ordinal);
        for (var (cpu, left) = (0, MostCpus); cpus is not null && cpu < CpuSet.Limit && left > 0; cpu++)
        {
            if (cpus.Contains(cpu))
            {
                left--;
                if (PowerText.Word(Once($"{_cpus}/cpu{cpu}/cpufreq/scaling_governor", buffer, now, out error)) is { } governor)
                {
                    found.Add(governor);
                }
                else if (found.Count == 0)
                {
                    // Where the first has none, none has.
                    return null;
                }
            }
        }

        return found.Count == 0 ? null : string.Join(',', found);
    }

    private (string? Name, Duration? Latency) Deepest(int cpu, Span<byte> buffer, MonoTime now, out Errno error)
    {
        (string? Name, Duration? Latency) deepest = (null, null);
        error = Errno.None;
        for (var state = 0; state < MostStates; state++)
        {
            var directory = $"{_cpus}/cpu{cpu}/cpuidle/state{state}";
            var latency = PowerText.ExitLatency(Once($"{directory}/latency", buffer, now, out var failed));
            error = state == 0 ? failed : error;
            if (latency is null)
            {
                break;
            }

            var isBetter = deepest.Latency is not { } known || latency > known;
            if (isBetter && !PowerText.IsDisabled(Once($"{directory}/disable", buffer, now, out _)))
            {
                deepest = (PowerText.Word(Once($"{directory}/name", buffer, now, out _)) ?? $"state{state}", latency);
            }
        }

        return deepest;
    }
}
