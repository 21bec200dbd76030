using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Views;

/// <summary>All that is known, by the judge's axis: nodes by name, and who sees whom. Bounded: nodes beyond a limit are not taken in.</summary>
internal sealed class FleetView(string self, DiagnosisSettings settings)
{
    private const int MaxNodes = 2_000;

    private static readonly Duration s_forgetAfter = Duration.FromSeconds(120);

    private readonly Dictionary<string, NodeView> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Observer, string Subject), PairView> _pairs = [];

    private ClockPairing? _pairing;
    private HashSet<string> _witnesses = [];

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
        foreach (var (name, node) in _nodes.Where(n => now - n.Value.LastReceived > s_forgetAfter).ToList())
        {
            _ = _nodes.Remove(name);
            ForgetSights(node.Name);
        }

        foreach (var key in _pairs.Where(p => now - (p.Value.Last?.Until ?? now) > s_forgetAfter).Select(p => p.Key).ToList())
        {
            _ = _pairs.Remove(key);
        }

        Witnesses = [.. _nodes.Values.Where(IsWitness).Select(n => n.Name).Order(StringComparer.Ordinal)];
        _witnesses = Witnesses.ToHashSet(StringComparer.Ordinal);
        Names = [.. _pairs.Keys.Select(k => k.Subject).Concat(_nodes.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    public PairView? Pair(string observer, string subject) => _pairs.GetValueOrDefault((observer, subject));

    public NodeView? Node(string name) => _nodes.GetValueOrDefault(name);

    public string? DatacenterOf(string name) => Node(name)?.Datacenter;

    /// <summary>Those of the witnesses that see a node, in order.</summary>
    public IEnumerable<PairView> SightsOf(string subject) =>
        Witnesses.Where(w => w != subject).Select(w => Pair(w, subject)).OfType<PairView>();

    /// <summary>Whether a host stalled, or is in such a state, that what concerns it in a time is not the network's.</summary>
    public bool IsExcused(string host, MonoTime from, MonoTime until, Duration tail, Duration atLeast = default) =>
        Node(host) is { } node
        && (node.IsInMaintenance || node.IsLeaving || node.Stalled(from, until, Duration.Max(Settings.StallFloor / 2, atLeast), tail));

    /// <summary>What makes a node's moments ours, by both wall clocks and the offset that our path to it has found.</summary>
    private Duration? ShiftByClocks(NodeSlice slice) =>
        _pairing is { } ours && Pair(Self, slice.Node)?.Last?.Peer.Path is { Step: null, Offset.Middle: { } offset }
            ? new Duration(slice.At.Offset - ours.Offset) - offset
            : null;

    private bool IsWitness(NodeView node) => Now - node.LastUntil <= Settings.StaleAfter && !node.IsLeaving;

    private PairView PairOrNew(string observer, string subject)
    {
        if (!_pairs.TryGetValue((observer, subject), out var pair))
        {
            _pairs.Add((observer, subject), pair = new PairView(observer, subject));
        }

        return pair;
    }

    private void ForgetSights(string observer)
    {
        foreach (var key in _pairs.Keys.Where(k => k.Observer == observer).ToList())
        {
            _ = _pairs.Remove(key);
        }
    }
}
