using Meshpulse.Agent.History;
using Meshpulse.Agent.Paths;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>The mesh's series: who is connected, what was measured of each, and the reports of it. Belongs to the <see cref="Collector"/>.</summary>
/// <param name="outbox">Where the probing thread puts what it measured.</param>
/// <param name="options">Report interval, retention, and who we are.</param>
/// <param name="mesh">The mesh's own.</param>
/// <param name="listener">Who is told of events, gaps and reports.</param>
/// <param name="interval">The ping interval that is really kept.</param>
internal sealed class PeerBook(ProbeOutbox outbox, AgentOptions options, MeshOptions mesh, IAgentListener listener, Duration interval)
{
    private const int MaxGapsKept = 1024;

    private readonly Dictionary<int, PeerSeries> _peers = [];
    private readonly Queue<ReceiveGap> _gaps = [];
    private readonly OwnDrops _drops = new(() => 0);
    private MonoTime _nextReport;
    private WindowReport? _report;

    /// <summary>Probes the peers by STAMP; null where nobody does.</summary>
    public MeshPaths? Paths
    {
        get;
        init
        {
            field = value;
            _drops = new OwnDrops(() => value?.Drops ?? 0);
        }
    }

    /// <summary>Is told of events and gaps for the slices; null for nobody.</summary>
    public SliceFeed? Slices { get; init; }

    /// <summary>Keeps what is measured; null for nobody.</summary>
    public HistoryRecorder? History { get; init; }

    /// <summary>Everybody that is known.</summary>
    public IReadOnlyCollection<PeerSeries> Peers => _peers.Values;

    /// <summary>The latest gaps, oldest first.</summary>
    public IReadOnlyList<ReceiveGap> Gaps => [.. _gaps];

    /// <summary>Time between reports.</summary>
    public Duration ReportInterval => mesh.ReportInterval;

    /// <summary>The first report is due an interval from now.</summary>
    public void Start(MonoTime now) => _nextReport = now + mesh.ReportInterval;

    /// <summary>Whether a sample's peer is known yet.</summary>
    public bool Knows(int peer) => _peers.ContainsKey(peer);

    /// <summary>Ends a round: forgets who is gone, makes a report when one is due.</summary>
    public void EndRound(MonoTime now, bool isLast)
    {
        ForgetDeparted(now);
        if (now >= _nextReport || isLast)
        {
            _report = Report(now, isLast);
        }
    }

    /// <summary>Hands out the report of the last round, if it made one; outside the lock, since a listener may block.</summary>
    public void Tell()
    {
        if (Interlocked.Exchange(ref _report, null) is { } report)
        {
            listener.OnReport(report);
            // Where there are checks, they tell of all.
            if (options.Checks is null && _drops.Next() is { } line)
            {
                listener.OnNote(report.At, line);
            }
        }
    }

    /// <summary>Takes in who came and who left.</summary>
    public void DrainEvents(List<(WallTime At, Action Tell)> notices, MonoTime now)
    {
        while (outbox.Events.TryRead(out var happened))
        {
            Slices?.OnEvent(happened);
            History?.OnEvent(happened);
            if (happened.Kind == MeshEventKind.PeerJoined)
            {
                Join(happened, now);
            }
            else if (happened.Kind == MeshEventKind.PeerLeft && _peers.TryGetValue(happened.Peer, out var series))
            {
                series.IsConnected = false;
                series.LeftAt = now;
                Paths?.OnLeft(happened.Peer, now);
            }

            var told = happened;
            notices.Add((told.At, () => listener.OnEvent(told)));
        }
    }

    private void Join(in MeshEvent happened, MonoTime now)
    {
        if (!_peers.TryGetValue(happened.Peer, out var series))
        {
            series = TakeOver(happened.Node) ?? new PeerSeries(happened.Node);
            _peers.Add(happened.Peer, series);
        }

        series.IsConnected = true;
        series.Connects++;
        series.LastHeard = now;
        Paths?.OnJoined(happened.Peer, happened.Node, now);
    }

    /// <summary>
    /// A node that the mesh forgot comes back under a new number. Its series goes on: two of the same labels would have
    /// Prometheus refuse the whole page.
    /// </summary>
    private PeerSeries? TakeOver(NodeEndpoint node)
    {
        foreach (var (id, series) in _peers)
        {
            if (series.Node == node)
            {
                _peers.Remove(id);
                return series;
            }
        }

        return null;
    }

    /// <summary>Takes in a sample of a peer; one of a peer that is not known is dropped.</summary>
    public void Take(in Sample sample, MonoTime now)
    {
        if (!_peers.TryGetValue(sample.Peer, out var series))
        {
            return;
        }

        History?.OnHeartbeat(series.Node, sample, interval);
        switch (sample.Kind)
        {
            case SampleKind.Sent:
                TakeSent(series, sample);
                break;
            case SampleKind.UnsentLate:
                series.UnsentLate += sample.A.Nanoseconds;
                break;
            case SampleKind.UnsentBackpressure:
                series.UnsentBackpressure += sample.A.Nanoseconds;
                break;
            default:
                TakeReceived(series, sample);
                series.LastHeard = now;
                break;
        }
    }

    private void TakeSent(PeerSeries series, in Sample sample)
    {
        series.Sent++;
        if (sample.B >= interval / 2)
        {
            series.Late++;
        }

        if (sample.A >= Duration.Zero)
        {
            series.Send.RecordInterval(sample.A, interval);
        }
    }

    private void TakeReceived(PeerSeries series, in Sample sample)
    {
        switch (sample.Kind)
        {
            case SampleKind.ReceivedBunched:
                series.Bunched++;
                break;
            case SampleKind.ReceivedReconstructed:
                series.Reconstructed++;
                break;
            default:
                series.Stamped++;
                break;
        }

        if (sample.A >= Duration.Zero)
        {
            series.Receive.RecordInterval(sample.A, interval);
        }

        series.TakeDelta(sample.B);
    }

    /// <summary>Takes in the gaps.</summary>
    public void DrainGaps(List<(WallTime At, Action Tell)> notices)
    {
        while (outbox.Gaps.TryRead(out var gap) && gap is not null)
        {
            Slices?.OnGap(gap);
            if (_peers.TryGetValue(gap.Peer, out var series))
            {
                series.Gaps += gap.Ended ? 1 : 0;
                History?.OnGap(series.Node, gap);
                var told = gap;
                var node = series.Node;
                notices.Add((told.StartWall + told.Length, () => listener.OnGap(node, told)));
            }

            _gaps.Enqueue(gap);
            if (_gaps.Count > MaxGapsKept)
            {
                _gaps.Dequeue();
            }
        }
    }

    private void ForgetDeparted(MonoTime now)
    {
        foreach (var (id, series) in _peers)
        {
            if (!series.IsConnected && now - series.LeftAt > options.SeriesRetention)
            {
                _peers.Remove(id);
            }
        }

        // No more of those that left than of those that can be there; who left first goes first.
        var surplus = _peers.Values.Count(p => !p.IsConnected) - mesh.MaxPeers;
        if (surplus > 0)
        {
            foreach (var (id, _) in _peers.Where(p => !p.Value.IsConnected).OrderBy(p => p.Value.LeftAt).Take(surplus).ToList())
            {
                _peers.Remove(id);
            }
        }
    }

    private WindowReport Report(MonoTime now, bool isLast)
    {
        // On a fixed grid like everything else; after a long stall the reports that were missed are not made up.
        while (_nextReport <= now)
        {
            _nextReport += mesh.ReportInterval;
        }

        var connected = _peers.Values.Where(p => p.IsConnected).OrderBy(p => p.Node).ToList();
        var labels = new NodeLabels(mesh.Self, connected.Select(p => p.Node));
        var rows = connected.ConvertAll(p => p.CloseWindow(labels.Of(p.Node), now));
        foreach (var departed in _peers.Values.Where(p => !p.IsConnected))
        {
            departed.CloseWindow("", now);
        }

        return new WindowReport(SystemClocks.Wall(), rows, isLast);
    }
}
