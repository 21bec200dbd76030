using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>
/// How the mesh is now, by the slices that came: who there is, how each is, and what each saw of each other within the last two seconds. One thread at a
/// time. Memory is bounded: in a mesh of more than fifty peers, of which a node gets the slices of a changing few, only its own are taken in.
/// </summary>
/// <param name="self">Who keeps it.</param>
public sealed class LiveBook(string self)
{
    /// <summary>The most peers with which the others' slices are taken in: with all of them there are as many pairs as peers, squared.</summary>
    public const int MaxPeersOfWholeMesh = 50;

    /// <summary>After which what was told is old.</summary>
    public static readonly Duration StaleAfter = Duration.FromSeconds(3);

    private const int MaxOwnSlices = 8;
    private const int ManyPeers = 200;

    private static readonly Duration s_silence = Duration.FromSeconds(1);
    private static readonly Duration s_forgetAfter = Duration.FromSeconds(60);

    private readonly Dictionary<string, NodeRecord> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Observer, string Subject), PairRecord> _pairs = [];
    private readonly Queue<NodeSlice> _own = [];
    private HashSet<string> _known = new(StringComparer.Ordinal) { self };
    private NodeSlice? _last;
    private MonoTime _lastReceived;
    private MonoTime _nextForgetting;

    /// <summary>Everybody that we know, ourselves included, in order; the same list until that changes.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [self];

    /// <summary>All tell all to us, so that a matrix needs no further asking.</summary>
    public bool IsWhole => (_last?.Peers.Count ?? 0) <= MaxPeersOfWholeMesh;

    /// <summary>Our own last slices, oldest first.</summary>
    public IReadOnlyCollection<NodeSlice> Own => _own;

    /// <summary>Takes a slice, our own or a peer's.</summary>
    /// <param name="slice">What it told.</param>
    /// <param name="received">When it came.</param>
    public void Take(NodeSlice slice, MonoTime received)
    {
        ArgumentNullException.ThrowIfNull(slice);
        var isOwn = slice.Node == self;
        if (isOwn)
        {
            TakeOwn(slice, received);
        }

        var node = NodeOf(slice.Node);
        var run = node.Run;
        if (!node.TryTake(slice, received) || (!isOwn && !IsWhole))
        {
            return;
        }

        // Whom we don't know a peer may have made up, one a slice.
        foreach (var peer in slice.Peers.Where(p => _known.Contains(p.Peer)))
        {
            var pair = PairOf(slice.Node, peer.Peer);
            if (run != slice.Run)
            {
                pair.Restart();
            }

            pair.Take(peer, slice.At.Mono, received);
        }

        Forget(received);
    }

    /// <summary>A node was asked in vain.</summary>
    public void NoteUnreachable(string node, MonoTime at)
    {
        if (_known.Contains(node))
        {
            NodeOf(node).NoteUnreachable(at);
        }
    }

    /// <summary>What a node saw of another; null where it has not told lately.</summary>
    public PairFigures? Pair(string observer, string subject, MonoTime now) =>
        _pairs.TryGetValue((observer, subject), out var pair) && now - pair.Received < StaleAfter ? pair.Figures(subject) : null;

    /// <summary>How old what a node told is; null where it told nothing.</summary>
    public Duration? AgeOf(string node, MonoTime now) => _nodes.GetValueOrDefault(node)?.Received is { } received ? now - received : null;

    /// <summary>A node's word on all others, by the order of <see cref="Names"/>; null where it told nothing lately, or that is not taken in.</summary>
    public RowCodes? Row(string node, MonoTime now)
    {
        if (AgeOf(node, now) is not { } age || age >= StaleAfter)
        {
            return null;
        }

        var (forward, backward) = (new CellTable(Names.Count), new CellTable(Names.Count));
        var seen = Names.Select(n => n == node ? null : Pair(node, n, now)).ToArray();
        var isRoundTrip = !seen.Any(f => f is { Forward.Count: > 0 }) && seen.Any(f => f is { RoundTrip.Count: > 0 });
        var isTold = false;
        for (var i = 0; i < seen.Length; i++)
        {
            if (seen[i] is { } figures)
            {
                (forward[i], backward[i], isTold) = (CellFold.Forward(figures, isRoundTrip), CellFold.Backward(figures), true);
            }
        }

        return isTold || Names.Count == 1 ? new RowCodes(node, Names, isRoundTrip, forward, backward) : null;
    }

    /// <summary>How a node is.</summary>
    public NodeCondition Condition(string node, MonoTime now)
    {
        var record = _nodes.GetValueOrDefault(node);
        var told = AgeOf(node, now);
        var seen = node == self ? null : Pair(self, node, now);
        return new NodeCondition(node, StatusOf(node, record, seen, told))
        {
            Datacenter = record?.Datacenter,
            IsInMaintenance = record?.IsInMaintenance ?? false,
            Heard = Heard(node, seen, told, now),
            Told = told,
            Cpu = record?.Cpu,
            Stalled = record?.Stalled(now),
            ReceiveDrops = record?.Drops(now),
            Offset = seen?.Offset ?? OffsetInterval.Unknown,
        };
    }

    private NodeStatus StatusOf(string node, NodeRecord? record, PairFigures? seen, Duration? told)
    {
        if (node == self)
        {
            return NodeStatus.Up;
        }

        if (seen is { IsConnected: true } && seen.Silence < s_silence)
        {
            return NodeStatus.Up;
        }

        if (record?.IsLeaving == true)
        {
            return NodeStatus.Left;
        }

        if (record?.UnreachableSince is not null)
        {
            return NodeStatus.Unreachable;
        }

        return seen is not null ? NodeStatus.Silent : told < StaleAfter ? NodeStatus.Up : NodeStatus.Unknown;
    }

    private Duration? Heard(string node, PairFigures? seen, Duration? told, MonoTime now)
    {
        if (node == self)
        {
            return Duration.Zero;
        }

        Duration? byHeartbeats = seen is null ? null : seen.Silence + (now - _lastReceived);
        return (byHeartbeats, told) switch
        {
            ({ } a, { } b) => Duration.Min(a, b),
            _ => byHeartbeats ?? told,
        };
    }

    private void TakeOwn(NodeSlice slice, MonoTime received)
    {
        (_last, _lastReceived) = (slice, received);
        _own.Enqueue(slice);
        while (_own.Count > (slice.Peers.Count > ManyPeers ? 1 : MaxOwnSlices))
        {
            _ = _own.Dequeue();
        }

        // Almost always nobody came or went.
        if (slice.Peers.Count + 1 != Names.Count || !slice.Peers.All(p => _known.Contains(p.Peer)))
        {
            _known = slice.Peers.Select(p => p.Peer).Append(self).ToHashSet(StringComparer.Ordinal);
            Names = [.. _known.Order(NodeOrder.Instance)];
        }
    }

    private NodeRecord NodeOf(string name)
    {
        if (!_nodes.TryGetValue(name, out var node))
        {
            _nodes.Add(name, node = new NodeRecord());
        }

        return node;
    }

    private PairRecord PairOf(string observer, string subject)
    {
        if (!_pairs.TryGetValue((observer, subject), out var pair))
        {
            _pairs.Add((observer, subject), pair = new PairRecord());
        }

        return pair;
    }

    /// <summary>Once a second. Who has not told for a minute and is no peer any more is forgotten, and who saw what long ago.</summary>
    private void Forget(MonoTime now)
    {
        if (now < _nextForgetting)
        {
            return;
        }

        _nextForgetting = now + s_silence;
        foreach (var (name, node) in _nodes)
        {
            if (!_known.Contains(name) && now - (node.Received ?? now) > s_forgetAfter)
            {
                _nodes.Remove(name);
            }
        }

        foreach (var (key, pair) in _pairs)
        {
            if (now - pair.Received > s_forgetAfter)
            {
                _pairs.Remove(key);
            }
        }
    }
}
