using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Views;

/// <summary>All that is known, by the judge's axis: nodes by name, and who sees whom. Bounded: nodes beyond a limit are not taken in.</summary>
internal sealed class FleetView(string self, DiagnosisSettings settings)
{
    private const int MaxNodes = 2_000;

    private static readonly Duration s_forgetAfter = Duration.FromSeconds(120);
    private static readonly Duration s_slicesKept = Duration.FromSeconds(10);

    private readonly Dictionary<string, NodeView> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Observer, string Subject), PairView> _pairs = [];

    // The same pairs by observer, and those of this judgement's witnesses by subject: each is asked for many times in a judgement.
    private readonly Dictionary<string, List<PairView>> _byObserver = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PairView>> _sights = new(StringComparer.Ordinal);

    // What was told to other witnesses, by what those tell: the latest, by how many, and how many see that host.
    private readonly Dictionary<string, (MonoTime At, PeerNotice? Notice, int Tellers, int Witnesses)> _notices = new(StringComparer.Ordinal);

    private ClockPairing? _pairing;
    private HashSet<string> _witnesses = [];
    private bool _haveNamesChanged;

    public string Self { get; } = self;

    public DiagnosisSettings Settings { get; } = settings;

    /// <summary>Those that have told something.</summary>
    public IReadOnlyDictionary<string, NodeView> Nodes => _nodes;

    /// <summary>Who sees whom.</summary>
    public IReadOnlyDictionary<(string Observer, string Subject), PairView> Pairs => _pairs;

    /// <summary>The time of the judgement.</summary>
    public MonoTime Now { get; private set; }

    /// <summary>Everybody that anybody sees, in order.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>Those whose word is recent, in order.</summary>
    public IReadOnlyList<string> Witnesses { get; private set; } = [];

    /// <summary>Whether a node's word is recent.</summary>
    public bool HasWitness(string name) => _witnesses.Contains(name);

    public void Take(NodeSlice slice, MonoTime received)
    {
        if (!_nodes.TryGetValue(slice.Node, out var node))
        {
            if (_nodes.Count >= MaxNodes)
            {
                return;
            }

            _nodes.Add(slice.Node, node = new NodeView(slice.Node));
            _haveNamesChanged = true;
        }

        var run = node.Run;
        if (!node.TryTake(slice, received, slice.Node == Self ? Duration.Zero : ShiftByClocks(slice)))
        {
            return;
        }

        _pairing = slice.Node == Self ? slice.At : _pairing;

        if (run != 0 && run != slice.Run)
        {
            ForgetSights(slice.Node);
        }

        foreach (var peer in slice.Peers)
        {
            var sight = new Sight(slice.From + node.Shift, slice.At.Mono + node.Shift, node.Shift, peer);
            PairOrNew(slice.Node, peer.Peer).Take(sight);
        }
    }

    public void NoteUnreachable(string name, MonoTime at) => _nodes.GetValueOrDefault(name)?.NoteUnreachable(at);

    /// <summary>Begins a judgement: forgets who is long gone, and finds who can be heard as a witness.</summary>
    public void Advance(MonoTime now)
    {
        Now = now;
        foreach (var (name, _) in _nodes.Where(n => now - n.Value.LastReceived > s_forgetAfter).ToList())
        {
            _ = _nodes.Remove(name);
            _haveNamesChanged = true;
            ForgetSights(name);
        }

        foreach (var pair in _pairs.Values.Where(p => now - (p.Last?.Until ?? now) > s_slicesKept).ToList())
        {
            if (now - pair.Last!.Value.Until > s_forgetAfter)
            {
                Forget(pair);
                _ = _byObserver[pair.Observer].Remove(pair);
            }
            else if (pair.Sights.Count > 0)
            {
                pair.LetSlicesGo();
            }
        }

        Witnesses = [.. _nodes.Values.Where(IsWitness).Select(n => n.Name).Order(StringComparer.Ordinal)];
        _witnesses = Witnesses.ToHashSet(StringComparer.Ordinal);
        if (_haveNamesChanged)
        {
            Names = [.. _pairs.Keys.Select(k => k.Subject).Concat(_nodes.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            _haveNamesChanged = false;
        }

        GatherSights();
    }

    public PairView? Pair(string observer, string subject) => _pairs.GetValueOrDefault((observer, subject));

    public NodeView? Node(string name) => _nodes.GetValueOrDefault(name);

    public string? DatacenterOf(string name) => Node(name)?.Datacenter;

    /// <summary>Those of the witnesses that see a node, in order.</summary>
    public IReadOnlyList<PairView> SightsOf(string subject) => _sights.TryGetValue(subject, out var sights) ? sights : [];

    /// <summary>
    /// What a host told so that nobody misses it: to us, or to at least half of the others, who have passed that on since the host's own last word here. What a host told
    /// others before we were there, or while we were away, reaches us no other way; and no single peer that is mistaken hides the end of another.
    /// </summary>
    public PeerNotice? NoticeOf(string host) =>
        Node(host)?.Notice ?? (_notices.TryGetValue(host, out var told) && told.Tellers * 2 >= told.Witnesses ? told.Notice : null);

    /// <summary>Whether a host stalled, or is in such a state, that what concerns it in a time is not the network's.</summary>
    public bool IsExcused(string host, MonoTime from, MonoTime until, Duration tail, Duration atLeast = default) =>
        NoticeOf(host) is not null || Node(host)?.Stalled(from, until, Duration.Max(Settings.StallFloor / 2, atLeast), tail) == true;

    /// <summary>What makes a node's moments ours, by both wall clocks and the offset that our path to it has found.</summary>
    private Duration? ShiftByClocks(NodeSlice slice) =>
        _pairing is { } ours && Pair(Self, slice.Node)?.Last?.Peer.Path is { Step: null, Offset.Middle: { } offset }
            ? new Duration(slice.At.Offset - ours.Offset) - offset
            : null;

    private bool IsWitness(NodeView node) => Now - node.LastUntil <= Settings.StaleAfter && !node.IsLeaving;

    private void GatherSights()
    {
        foreach (var sights in _sights.Values)
        {
            sights.Clear();
        }

        _notices.Clear();
        foreach (var witness in Witnesses)
        {
            foreach (var pair in _byObserver.GetValueOrDefault(witness) ?? [])
            {
                if (pair.Subject != witness)
                {
                    ListOf(_sights, pair.Subject).Add(pair);
                    TakeNotice(pair);
                }
            }
        }
    }

    private void TakeNotice(PairView pair)
    {
        if (pair.Observer == Self || pair.Last is not { } last)
        {
            return;
        }

        var told = _notices.GetValueOrDefault(pair.Subject, (new MonoTime(long.MinValue / 2), null, 0, 0));
        told.Witnesses++;
        if (last.Peer.Notice is { } notice && !(last.Until <= Node(pair.Subject)?.LastUntil))
        {
            told.Tellers++;
            (told.At, told.Notice) = last.Until > told.At ? (last.Until, notice) : (told.At, told.Notice);
        }

        _notices[pair.Subject] = told;
    }

    private PairView PairOrNew(string observer, string subject)
    {
        if (!_pairs.TryGetValue((observer, subject), out var pair))
        {
            _pairs.Add((observer, subject), pair = new PairView(observer, subject));
            ListOf(_byObserver, observer).Add(pair);
            _haveNamesChanged = true;
        }

        return pair;
    }

    private void ForgetSights(string observer)
    {
        if (_byObserver.Remove(observer, out var pairs))
        {
            pairs.ForEach(Forget);
        }
    }

    private void Forget(PairView pair)
    {
        _ = _pairs.Remove((pair.Observer, pair.Subject));
        _haveNamesChanged = true;
    }

    private static List<PairView> ListOf(Dictionary<string, List<PairView>> lists, string name)
    {
        if (!lists.TryGetValue(name, out var list))
        {
            lists.Add(name, list = []);
        }

        return list;
    }
}
