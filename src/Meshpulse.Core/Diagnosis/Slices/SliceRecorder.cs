using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Diagnosis.Slices;

/// <summary>
/// Makes the slices of one node out of what its probing thread told of the mesh and the paths, and its vitals of the host.
/// <para>
/// <b>The problem</b> is silence. The obvious way, the cut's moment less that of the last heartbeat, accuses a peer of what is ours: while our probing
/// thread does not run, heartbeats wait in the sockets; and where what it read goes through a queue, they wait there too. What we do: silence is
/// counted to the last look of the thread of which all is known to have been told, and that is the one before the latest (<see cref="OnWoke"/>):
/// what a look has found is told before the next one begins.
/// </para>
/// <para>
/// <b>Gaps</b> are told when they end, or once they are long; a long one that lasts is told again in doublings only. Here an open one stays in every
/// slice with the length that it has, until a heartbeat ends it, by whichever connection that comes.
/// </para>
/// One thread. The agent's collector and the simulator call it alike.
/// </summary>
public sealed class SliceRecorder : IMeshObserver
{
    /// <summary>The most gaps of one peer in a slice.</summary>
    public const int MaxGaps = 16;

    // As the mesh remembers those that left: their numbers stay for as long.
    private static readonly Duration s_memory = Duration.FromSeconds(600);

    // Looks are at most 5 ms apart, and turns take their time too; what is beyond is lateness that nobody has told yet.
    private static readonly Duration s_longestPause = Duration.FromMilliseconds(50);

    private readonly Dictionary<int, PeerRecord> _peers = [];
    private readonly Func<NodeEndpoint, string> _nameOf;
    private readonly string _node;
    private readonly ulong _run;
    private MonoTime _cutAt;
    private MonoTime _lastWake;
    private MonoTime _lookedAt;
    private Duration _lateness;
    private HostWindow? _host;
    private long _cuts;
    private bool _requestsAreCounted;

    /// <summary>Knows nobody yet.</summary>
    /// <param name="node">The node's name, by which its peers call it.</param>
    /// <param name="run">Tells this run from the next; random.</param>
    /// <param name="nameOf">The name of a peer; asked at each cut, so that it can become known later than the peer.</param>
    /// <param name="now">When the first slice begins.</param>
    public SliceRecorder(string node, ulong run, Func<NodeEndpoint, string> nameOf, ClockPairing now) =>
        (_node, _run, _nameOf, _cutAt, _lastWake, _lookedAt) = (node, run, nameOf, now.Mono, now.Mono, now.Mono);

    /// <summary>The node's datacenter; null where there is none.</summary>
    public string? Datacenter { get; init; }

    /// <summary>What a peer, by its name, told us last so that nobody misses it; null for nothing. Asked at each cut.</summary>
    public Func<string, PeerNotice?> NoticeOf { get; init; } = static _ => null;

    /// <summary>The agent was asked to stop.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>The operator has put the node into maintenance.</summary>
    public bool IsInMaintenance { get; set; }

    /// <inheritdoc />
    public void OnReceived(int peer, in HeartbeatArrival arrival) => RecordOf(peer).OnReceived(arrival.At);

    /// <inheritdoc />
    public void OnSent(int peer, in SendSlot slot) => RecordOf(peer).Sent++;

    /// <inheritdoc />
    public void OnUnsent(int peer, UnsentReason reason, long count) => RecordOf(peer).Unsent += count;

    /// <inheritdoc />
    public void OnWoke(MonoTime at, Duration lateness)
    {
        (_lookedAt, _lastWake) = (_lastWake, at);
        _lateness = Duration.Max(_lateness, lateness);
        if (lateness > Duration.FromMilliseconds(1))
        {
            foreach (var record in _peers.Values)
            {
                record.OnOwnStall(at, lateness);
            }
        }
    }

    /// <inheritdoc />
    public void OnGap(ReceiveGap gap)
    {
        ArgumentNullException.ThrowIfNull(gap);
        RecordOf(gap.Peer).OnGap(gap);
    }

    /// <inheritdoc />
    public void OnEvent(in MeshEvent happened)
    {
        switch (happened.Kind)
        {
            case MeshEventKind.PeerJoined:
                Join(happened.Peer, happened.Node);
                break;
            case MeshEventKind.PeerLeft when _peers.TryGetValue(happened.Peer, out var left):
                left.OnLeft(happened.Close);
                break;
            case MeshEventKind.ConnectionClosed when happened.Close != CloseReason.Duplicate:
                RecordOf(happened.Peer).Ended = happened.Close;
                break;
            case MeshEventKind.DialFailed when Find(happened.Node) is { } uncalled:
                uncalled.CallFailed = happened.Failure;
                break;
        }
    }

    /// <summary>A window of the path to a peer is over.</summary>
    /// <param name="peer">The peer's number; nothing happens for one that is not known.</param>
    /// <param name="window">The window. A slice holds those that came before it was cut: cut soon after the windows end.</param>
    /// <param name="moment">What was told of its end.</param>
    /// <param name="settings">How the path is probed.</param>
    /// <param name="step">A step of a clock that was noticed in the window; null for none.</param>
    public void OnPath(int peer, PathWindow window, in PathMoment moment, PathSettings settings, ClockStep? step)
    {
        if (_peers.TryGetValue(peer, out var record))
        {
            (record.Path ??= new PathRecord(settings)).Add(window, moment, step);
        }
    }

    /// <summary>The path to a peer is not probed any more, or it has turned out not to answer there.</summary>
    public void OnPathGone(int peer)
    {
        if (_peers.TryGetValue(peer, out var record))
        {
            record.Path = null;
        }
    }

    /// <summary>
    /// The sessions of our reflector that are in use, before each cut: who asks is one of the peers where its address is. Where nothing is told before a
    /// cut, the slice says that nothing is known.
    /// </summary>
    /// <param name="sessions">Address and port of each sender, and its requests since the session began, mod 2^32.</param>
    public void OnRequests(IEnumerable<(NodeEndpoint Source, uint Received)> sessions)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        _requestsAreCounted = true;
        foreach (var (source, received) in sessions)
        {
            FindAddress(source)?.OnRequests(source.Port, received);
        }
    }

    /// <summary>The host's vitals of a window.</summary>
    public void OnHost(HostWindow window) => _host = window;

    /// <summary>Ends the slice and begins the next one.</summary>
    public NodeSlice Cut(ClockPairing now)
    {
        var slice = new NodeSlice(_node, _run, ++_cuts)
        {
            Datacenter = Datacenter,
            From = _cutAt,
            At = now,
            IsLeaving = IsLeaving,
            IsInMaintenance = IsInMaintenance,
            WakeLateness = Duration.Max(_lateness, now.Mono - _lastWake - s_longestPause),
            Host = _host,
            Peers = CutPeers(),
        };
        (_cutAt, _lateness, _requestsAreCounted) = (now.Mono, Duration.Zero, false);
        return slice;
    }

    private List<PeerSlice> CutPeers()
    {
        foreach (var (number, record) in _peers)
        {
            if (!record.IsConnected && _lookedAt - record.LastHeard > s_memory)
            {
                _peers.Remove(number);
            }
        }

        IEnumerable<PeerRecord> told = _peers.Values.Where(r => r.HasJoined);
        if (_peers.Count > NodeSlice.MaxPeers)
        {
            told = told.OrderByDescending(r => r.HasNews).ThenByDescending(r => r.IsConnected).Take(NodeSlice.MaxPeers);
        }

        var slices = told.Select(CutPeer).ToList();
        foreach (var record in _peers.Values)
        {
            record.Begin();
        }

        return slices;
    }

    private PeerSlice CutPeer(PeerRecord record)
    {
        var name = _nameOf(record.Node);
        return record.Cut(name, _lookedAt, _requestsAreCounted, NoticeOf(name));
    }

    /// <summary>The first heartbeat of a peer is told before its joining is.</summary>
    private PeerRecord RecordOf(int peer)
    {
        if (!_peers.TryGetValue(peer, out var record))
        {
            _peers.Add(peer, record = new PeerRecord(_lastWake));
        }

        return record;
    }

    private PeerRecord? Find(NodeEndpoint node)
    {
        foreach (var record in _peers.Values)
        {
            if (record.HasJoined && record.Node == node)
            {
                return record;
            }
        }

        return null;
    }

    /// <summary>The peer at an address; null where there is none, or more than one, whose flows can't be told apart.</summary>
    private PeerRecord? FindAddress(NodeEndpoint source)
    {
        PeerRecord? found = null;
        foreach (var record in _peers.Values)
        {
            if (record.HasJoined && record.Node.WithPort(0) == source.WithPort(0))
            {
                if (found is not null)
                {
                    return null;
                }

                found = record;
            }
        }

        return found;
    }

    private void Join(int peer, NodeEndpoint node)
    {
        foreach (var (number, record) in _peers)
        {
            // The mesh forgot it meanwhile and gave it a new number.
            if (number != peer && record.HasJoined && record.Node == node)
            {
                _peers.Remove(number);
            }
        }

        RecordOf(peer).OnJoined(node);
    }
}
