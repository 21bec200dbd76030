using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.Api;

/// <summary>
/// The last half minute, by the slices that are kept for the peers: each is a step of a quarter second. Percentiles of such steps can't be put together,
/// so that steps are never longer.
/// </summary>
/// <param name="self">How this node is called.</param>
/// <param name="board">Has the slices.</param>
internal sealed class RecentPast(string self, SliceBoard board) : IPastView
{
    private const long StepMs = 250;

    /// <inheritdoc />
    public async Task<PathView> PathAsync(string peer, ApiSpan span, CancellationToken stop)
    {
        var slices = await SlicesAsync(span, stop);
        if (slices.Count == 0)
        {
            return new PathView(self, "live") { Missing = "no history is kept here, and the span is not within the last 30 s" };
        }

        var columns = slices.Select(s => (Slice: s, Peer: s.Peers.FirstOrDefault(p => p.Peer == peer))).ToList();
        var paths = columns.Select(c => c.Peer?.Path).ToList();
        return new PathView(self, "live")
        {
            StepMs = StepMs,
            T = [.. columns.Select(c => ApiSpan.Ms(c.Slice.At.Wall) - StepMs)],
            Sent = [.. paths.Select(p => (double?)p?.Counts.Sent)],
            LostForward = [.. paths.Select(p => (double?)p?.Counts.LostForward)],
            LostBackward = [.. paths.Select(p => (double?)p?.Counts.LostBackward)],
            LostUnknown = [.. paths.Select(p => (double?)p?.Counts.LostUnknown)],
            Unsent = [.. paths.Select(p => (double?)p?.Counts.Unsent)],
            Forward = DelaysOf(paths, p => p.Forward),
            Backward = DelaysOf(paths, p => p.Backward),
            RoundTrip = DelaysOf(paths, p => p.RoundTrip),
            Heartbeats = new HeartbeatSeries(
                [.. columns.Select(c => (double?)c.Peer?.Received)],
                [.. columns.Select(c => (double?)c.Peer?.Sent)],
                [.. columns.Select(_ => (double?)null)],
                [.. columns.Select(c => c.Peer?.Gaps is { Count: > 0 } gaps ? gaps.Max(g => g.Length.Nanoseconds) / 1e3 : (double?)null)]),
            Flows = PathEntries.FlowsOf(peer, slices),
        };
    }

    /// <inheritdoc />
    public async Task<VitalsDocument> VitalsAsync(ApiSpan span, WallTime now, CancellationToken stop)
    {
        var slices = await SlicesAsync(span, stop);
        var hosts = slices.Select(s => s.Host).ToList();
        IReadOnlyList<double?> Column(Func<HostWindow, double?> of) => [.. hosts.Select(h => h is null ? null : of(h))];
        return new VitalsDocument(1, self, now, span.Start, span.End, StepMs, "live", [.. slices.Select(s => ApiSpan.Ms(s.At.Wall) - StepMs)], StallsOf(slices))
        {
            Cpu = Column(h => (h.AllowedCpus ?? h.AllCpus)?.Load),
            BusiestCpu = Column(_ => null),
            Steal = Column(h => (h.AllowedCpus ?? h.AllCpus)?.StolenShare),
            RunQueueWaitMs = Column(h => h.RunQueueDelay?.Milliseconds),
            ThrottledMs = Column(h => h.Cgroup?.ThrottledTime.Milliseconds),
            PsiCpu = Column(h => Share(h.Pressure.Cpu, h)),
            PsiIo = Column(h => Share(h.Pressure.Io, h)),
            PsiMemory = Column(h => Share(h.Pressure.Memory, h)),
            MajorFaults = Column(h => h.MajorFaults),
            FrozenMs = Column(h => h.Frozen.Milliseconds),
            StallMaxMs = Column(h => h.Stalls.Count == 0 ? 0 : h.Stalls.Max(s => s.Length.Milliseconds)),
            GcPauseMs = Column(h => h.RuntimePauses.Milliseconds),
            WakeLateMaxUs = [.. slices.Select(s => (double?)(s.WakeLateness.Nanoseconds / 1e3))],
            UdpDrops = Column(h => h.Network.UdpReceiveErrors),
            NicDrops = Column(h => h.Network.InterfaceErrors),
            SoftnetDrops = Column(h => h.Network.SoftnetDrops),
            Retransmits = Column(h => h.Network.TcpRetransmits),
            ClockOffsetUs = Column(_ => null),
        };
    }

    /// <inheritdoc />
    public async Task<(IReadOnlyList<EventEntry> Events, bool More)> EventsAsync(ApiSpan span, int limit, CancellationToken stop)
    {
        var events = (await SlicesAsync(span, stop)).SelectMany(EventsOf).Reverse().Take(limit + 1).ToList();
        return ([.. events.Take(limit)], events.Count > limit);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<VerdictEntry>> VerdictsAsync(ApiSpan span, CancellationToken stop) => Task.FromResult<IReadOnlyList<VerdictEntry>>([]);

    /// <inheritdoc />
    public Task<RowCodes?> RowAsync(WallTime at, CancellationToken stop) => Task.FromResult<RowCodes?>(null);

    private static double? Share(PressureTime? pressure, HostWindow host) =>
        pressure is { } told && host.Length.Nanoseconds > 0 ? Math.Min(1, (double)told.Some.Nanoseconds / host.Length.Nanoseconds) : null;

    private static DelaySeries DelaysOf(List<PathSlice?> paths, Func<PathSlice, DelaySlice?> of)
    {
        var delays = paths.Select(p => p is null ? null : of(p)).ToList();
        IReadOnlyList<double?> Column(Func<DelaySlice, Duration> figure) => [.. delays.Select(d => d is { Count: > 0 } told ? figure(told).Nanoseconds / 1e3 : (double?)null)];
        return new DelaySeries(Column(d => d.Median), [.. delays.Select(_ => (double?)null)], Column(d => d.P99), Column(d => d.Max));
    }

    private static List<StallEntry> StallsOf(List<NodeSlice> slices)
    {
        var stalls = new Dictionary<long, StallEntry>();
        foreach (var slice in slices)
        {
            // One that goes on is told again, longer.
            foreach (var stall in slice.Host?.Stalls ?? [])
            {
                var at = new WallTime(stall.From.Nanoseconds + slice.At.Offset);
                stalls[stall.From.Nanoseconds] = new StallEntry(at, stall.Length.Milliseconds) { Cause = stall.WaitedForCpu > stall.Length / 2 ? "cpu" : null };
            }
        }

        return [.. stalls.Values.OrderBy(s => s.At).TakeLast(ApiJson.MaxPoints)];
    }

    private static IEnumerable<EventEntry> EventsOf(NodeSlice slice)
    {
        foreach (var peer in slice.Peers)
        {
            if (peer.Ended is { } ended)
            {
                yield return new EventEntry(slice.At.Wall, slice.Node, "connection_closed", $"{ended}") { Subject = peer.Peer };
            }

            foreach (var gap in peer.Gaps.Where(g => g.HasEnded))
            {
                var at = new WallTime(gap.Until.Nanoseconds + slice.At.Offset);
                yield return new EventEntry(at, slice.Node, "gap", $"no heartbeat for {gap.Length}") { Subject = peer.Peer };
            }
        }
    }

    private async Task<List<NodeSlice>> SlicesAsync(ApiSpan span, CancellationToken stop)
    {
        var body = await board.ReadAsync(0, null, TimeSpan.Zero, stop);
        return FleetJson.TryRead(body, out SliceBatch? batch, out _)
            ? [.. batch.Slices.Where(s => s.At.Wall >= span.Start && s.At.Wall <= span.End)]
            : [];
    }
}
