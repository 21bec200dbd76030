using Meshpulse.Core.Diagnosis.Incidents;
using Meshpulse.Core.Diagnosis.Rules;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis;

/// <summary>
/// Takes what nodes saw and says who is to blame: the comparison of all nodes' logs, done live. Pure: it is given the time and slices, and reads nothing.
/// <para>
/// Each judgement asks in the order in which evidence excuses: what hosts say against themselves (their stalls, with the cause), what clocks did, who is heard
/// by nobody, and only then, for what is left, directions between nodes, widened to hosts and datacenters where most of theirs suffer. What a host has on
/// its own conscience is not held against the network: its directions are not looked at while it stalls, nor a moment later.
/// </para>
/// Deterministic, one thread, bounded.
/// </summary>
public sealed class Diagnostician
{
    // Judgements further apart than this are our own doing: what came in between is looked at for a moment before anybody is accused.
    private static readonly Duration s_ownPause = Duration.FromMilliseconds(900);
    private static readonly Duration s_grace = Duration.FromMilliseconds(600);
    private static readonly Duration s_longestGrace = Duration.FromMilliseconds(3_000);
    private static readonly Duration s_troubleMemory = Duration.FromMilliseconds(4_500);
    private static readonly Duration s_afterRestart = Duration.FromSeconds(3);

    private readonly FleetView _fleet;
    private readonly IncidentBook _book;
    private MonoTime? _last;
    private MonoTime _graceUntil;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="self">The name of the node that it judges for; slices of that node come without delay. Empty where it judges by logs, for nobody.</param>
    /// <param name="settings">From where on something is worth a verdict; null for the defaults.</param>
    public Diagnostician(string self, DiagnosisSettings? settings = null)
    {
        Self = self;
        _fleet = new FleetView(self, settings ?? new DiagnosisSettings());
        _book = new IncidentBook(_fleet.Settings, IsOpen);
    }

    /// <summary>For whom it judges.</summary>
    public string Self { get; }

    /// <summary>Those in force and those that ended within the last hour, the newest last; at most 1,000. As of the last judgement.</summary>
    public IReadOnlyList<Verdict> Verdicts { get; private set; } = [];

    /// <summary>Takes a slice, its own or a peer's. Any order, any gaps; repetitions are ignored.</summary>
    /// <param name="slice">What a node saw.</param>
    /// <param name="received">When it came, by our monotonic clock.</param>
    public void Take(NodeSlice slice, MonoTime received)
    {
        ArgumentNullException.ThrowIfNull(slice);
        _fleet.Take(slice, received);
    }

    /// <summary>A node was asked for its slices and did not answer.</summary>
    public void NoteUnreachable(string node, MonoTime at) => _fleet.NoteUnreachable(node, at);

    /// <summary>What a node itself told us last so that nobody misses it, null for nothing: that is passed on to those that were away and did not hear it.</summary>
    public PeerNotice? NoticeOf(string node) => _fleet.Node(node)?.Notice;

    /// <summary>Judges; to be called each 100 to 250 ms.</summary>
    /// <returns>What began, changed or ended since the last time.</returns>
    public IReadOnlyList<VerdictChange> Judge(ClockPairing now)
    {
        if (_last is not { } last)
        {
            // Who begins does not know yet who is there.
            _graceUntil = now.Mono + s_longestGrace;
        }
        else if (now.Mono - last > s_ownPause)
        {
            // After a long one connections come back only when their time-outs have passed.
            _graceUntil = now.Mono + Duration.Max(s_grace, Duration.Min(now.Mono - last, s_longestGrace));
        }

        _last = now.Mono;
        _fleet.Advance(now.Mono);
        var changes = _book.Update(Suspicions(now.Mono), now, CanJudgeOthers(now.Mono));
        Verdicts = _book.Verdicts(now);
        return changes;
    }

    /// <summary>Our own view is recent; or, for one that judges for nobody, anybody's.</summary>
    private bool CanJudgeOthers(MonoTime now) => now >= _graceUntil && (Self.Length == 0 ? _fleet.Witnesses.Count > 0 : _fleet.Witnesses.Contains(Self));

    private List<Suspicion> Suspicions(MonoTime now)
    {
        var suspicions = HostRules.Judge(_fleet).Concat(new ClockRules(_fleet).Judge()).ToList();
        if (!CanJudgeOthers(now))
        {
            if (_fleet.Node(Self) is { } self && now - self.LastUntil > s_ownPause * 2)
            {
                suspicions.Add(HostRules.OnHost(VerdictKind.ObserverSick, Self, self.LastUntil, now, 0.9));
            }

            return suspicions;
        }

        var silence = new SilenceRules(_fleet);
        suspicions.AddRange(silence.Judge());
        suspicions.AddRange(silence.CutOff());
        suspicions.AddRange(OfDirections(silence.Silent));
        return suspicions;
    }

    private IEnumerable<Suspicion> OfDirections(IReadOnlySet<string> silent)
    {
        var rules = new DirectionRules(_fleet, _book.Explains, _book.Silences);
        var symptoms = new List<Symptom>();
        var faint = new FaintSymptoms();
        var hosts = _fleet.Names.Where(n => !silent.Contains(n) && !IsOutOfService(n)).ToHashSet(StringComparer.Ordinal);
        foreach (var direction in Directions(hosts, IsTroubled))
        {
            if (rules.Judge(direction) is { } symptom)
            {
                symptoms.Add(symptom);
            }
            else
            {
                faint.Take(direction);
            }
        }

        if (symptoms.Count == 0)
        {
            return [];
        }

        var measured = Directions(hosts, static (_, _) => true).Select(d => (d.From, d.To)).ToHashSet();
        return new Widening(_fleet, symptoms, measured, faint).Judge();
    }

    /// <summary>
    /// All that somebody measures, of pairs of a kind that is told by what either end sees: in a large mesh far fewer than there are pairs, since few are asked what they
    /// see, and mostly without trouble.
    /// </summary>
    private IEnumerable<Direction> Directions(HashSet<string> hosts, Func<PairView, PairView?, bool> isWanted)
    {
        foreach (var ((observer, subject), pair) in _fleet.Pairs)
        {
            var opposite = _fleet.Pair(subject, observer);
            if (!isWanted(pair, opposite) || !hosts.Contains(observer) || !hosts.Contains(subject) || observer == subject)
            {
                continue;
            }

            if (new Direction(_fleet, observer, subject) is { IsMeasured: true } there)
            {
                yield return there;
            }

            // Where both see each other, the other's turn comes.
            if (opposite is null && new Direction(_fleet, subject, observer) is { IsMeasured: true } back)
            {
                yield return back;
            }
        }
    }

    private bool IsTroubled(PairView pair, PairView? opposite)
    {
        var since = _fleet.Now - s_troubleMemory;
        return pair.LastTrouble > since || opposite?.LastTrouble > since;
    }

    /// <summary>
    /// No end says that the connection is broken, or that probes in a row went unanswered lately: where nobody probes, or losses have no direction yet, that nothing is found
    /// says nothing.
    /// </summary>
    private bool IsOpen((string From, string To) edge) => IsOpen(_fleet.Pair(edge.From, edge.To)) && IsOpen(_fleet.Pair(edge.To, edge.From));

    private bool IsOpen(PairView? pair) => pair is not { Last.Peer.IsConnected: false } && !(pair?.LastDead > _fleet.Now - Direction.Recent);

    private bool IsOutOfService(string name) => _fleet.NoticeOf(name) is not null || (_fleet.Node(name) is { } node
        && (node.IsYoung || (node.RestartedAt is { } at && _fleet.Now - at < s_afterRestart)));
}
