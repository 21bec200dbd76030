using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>What one node has told of itself within ten seconds, and when it was asked in vain.</summary>
internal sealed class NodeRecord
{
    private const int Kept = 44;
    private const int KeptCpu = 4;

    private static readonly Duration s_span = Duration.FromSeconds(10);

    private readonly Queue<(MonoTime Received, double? Cpu, Duration Stalled, long? Drops)> _windows = new(Kept);
    private MonoTime _lastWindow = new(long.MinValue);
    private Duration _ongoing;

    public ulong Run { get; private set; }

    public long Number { get; private set; }

    /// <summary>When its last slice came; null before the first.</summary>
    public MonoTime? Received { get; private set; }

    public string? Datacenter { get; private set; }

    public bool IsLeaving { get; private set; }

    public bool IsInMaintenance { get; private set; }

    /// <summary>When it was first asked in vain since its last slice; null where it was not.</summary>
    public MonoTime? UnreachableSince { get; private set; }

    /// <summary>Takes a slice; false for one that is known, or older.</summary>
    public bool TryTake(NodeSlice slice, MonoTime received)
    {
        if (slice.Run == Run && slice.Number <= Number)
        {
            return false;
        }

        if (slice.Run != Run)
        {
            _windows.Clear();
            (_lastWindow, _ongoing) = (new MonoTime(long.MinValue), Duration.Zero);
        }

        (Run, Number, Received, UnreachableSince) = (slice.Run, slice.Number, received, null);
        (Datacenter, IsLeaving, IsInMaintenance) = (slice.Datacenter, slice.IsLeaving, slice.IsInMaintenance);
        if (slice.Host is { } host && host.Until > _lastWindow)
        {
            Take(host, received);
        }

        return true;
    }

    public void NoteUnreachable(MonoTime at) => UnreachableSince ??= at;

    /// <summary>How busy its CPUs were lately; null where it does not tell.</summary>
    public double? Cpu
    {
        get
        {
            var told = _windows.Where(w => w.Cpu is not null).TakeLast(KeptCpu).ToList();
            return told.Count == 0 ? null : told.Average(w => w.Cpu);
        }
    }

    /// <summary>How long it stalled within ten seconds; null where it keeps no vitals.</summary>
    public Duration? Stalled(MonoTime now)
    {
        if (_windows.Count == 0)
        {
            return null;
        }

        var sum = _ongoing;
        foreach (var window in _windows)
        {
            sum += now - window.Received < s_span ? window.Stalled : Duration.Zero;
        }

        return sum;
    }

    /// <summary>What its receive queues dropped within ten seconds; null where it does not tell.</summary>
    public long? Drops(MonoTime now)
    {
        long? sum = null;
        foreach (var window in _windows)
        {
            sum = window.Drops is { } drops && now - window.Received < s_span ? (sum ?? 0) + drops : sum;
        }

        return sum;
    }

    private void Take(HostWindow host, MonoTime received)
    {
        _lastWindow = host.Until;
        var ended = Duration.Zero;
        _ongoing = Duration.Zero;
        foreach (var stall in host.Stalls)
        {
            // The next window tells one that goes on again, longer.
            ended += stall.IsOngoing ? Duration.Zero : stall.Length;
            _ongoing = stall.IsOngoing ? stall.Length : _ongoing;
        }

        _windows.Enqueue((received, (host.AllowedCpus ?? host.AllCpus)?.Load, ended, host.Network.ReceiveDrops));
        if (_windows.Count > Kept)
        {
            _ = _windows.Dequeue();
        }
    }
}
