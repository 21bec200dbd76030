using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>
/// Who says nothing to anybody, and what that means.
/// <para>
/// The problem: from outside a frozen process, a vanished host, a cut cable and a datacenter without power look the same: silence. The obvious way, a
/// timeout per pair, says so N - 1 times and names none of them. What we do: those whom no witness hears, and who have told nothing themselves since, are
/// one set. Its shape (one host, a datacenter, all but ourselves) says how wide the fault is; whether their kernels still acknowledge, refuse calls or are
/// mute says how deep.
/// </para>
/// </summary>
internal sealed class SilenceRules
{
    private static readonly Duration s_mute = Duration.FromMilliseconds(550);
    // Who has just begun still compiles what it runs, and tells late what it sees.
    private static readonly Duration s_youngMute = Duration.FromMilliseconds(1_500);
    // Longer than from one slice to the next.
    private static readonly Duration s_quiet = Duration.FromMilliseconds(350);
    private static readonly Duration s_spreading = Duration.FromMilliseconds(1_200);
    private static readonly Duration s_together = Duration.FromMilliseconds(600);
    private static readonly Duration s_frozenAfter = Duration.FromMilliseconds(600);

    private static readonly Duration s_probesLast = Duration.FromMilliseconds(150);

    private static readonly Duration s_news = Duration.FromMilliseconds(1_000);

    // In which a host that leaves in order can still be heard to say so.
    private static readonly Duration s_farewell = Duration.FromMilliseconds(400);

    private readonly FleetView _fleet;
    private readonly List<(string Name, MonoTime Since)> _silent = [];

    public SilenceRules(FleetView fleet)
    {
        _fleet = fleet;
        foreach (var name in fleet.Names)
        {
            if (SilentSince(name) is { } since)
            {
                _silent.Add((name, since));
            }
        }

        Silent = _silent.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        Hearing = [.. fleet.Witnesses.Where(w => !Silent.Contains(w))];
    }

    /// <summary>Those whom nobody hears.</summary>
    public IReadOnlySet<string> Silent { get; }

    /// <summary>The witnesses.</summary>
    private IReadOnlyList<string> Hearing { get; }

    public IEnumerable<Suspicion> Judge()
    {
        if (_silent.Count == 0)
        {
            return [];
        }

        return Hearing.Count > 1 ? Groups().SelectMany(Of) : OfAll();
    }

    /// <summary>Nobody else hears anything: whose link was bad before fell silent before the rest, and the own link is cut all the same.</summary>
    private IEnumerable<Suspicion> OfAll()
    {
        var first = _silent.Min(s => s.Since);
        var isTogether = _silent.Count > 1 && _silent.Max(s => s.Since) - first <= s_together;
        return isTogether && IsSpreading(first) ? []
            : (isTogether ? first : MostTogether()) is { } since && Wide([.. Silent], since) is { } alone ? [alone]
            : Each(_silent);
    }

    /// <summary>Those that fell silent together: one that did long before has nothing to do with a datacenter that does now.</summary>
    private IEnumerable<List<(string Name, MonoTime Since)>> Groups()
    {
        var group = new List<(string Name, MonoTime Since)>();
        foreach (var silent in _silent.OrderBy(s => s.Since))
        {
            if (group.Count > 0 && silent.Since - group[0].Since > s_together)
            {
                yield return group;
                group = [];
            }

            group.Add(silent);
        }

        yield return group;
    }

    private IEnumerable<Suspicion> Of(List<(string Name, MonoTime Since)> group)
    {
        var first = group[0].Since;
        if (group.Count > 1)
        {
            if (IsSpreading(first))
            {
                return [];
            }

            if (Wide(group.Select(s => s.Name).ToHashSet(StringComparer.Ordinal), first) is { } wide)
            {
                return [wide];
            }
        }

        return Each(group);
    }

    private IEnumerable<Suspicion> Each(IEnumerable<(string Name, MonoTime Since)> silent) =>
        IsLeftAlone() ? [] : silent.Select(s => OfHost(s.Name, s.Since)).OfType<Suspicion>();

    /// <summary>When three quarters of them, and the last one, fell silent together; null where they did not.</summary>
    private MonoTime? MostTogether()
    {
        var last = _silent.Max(s => s.Since);
        return _silent.Count > 1 && _silent.Count(s => last - s.Since <= s_together) * 4 >= _silent.Count * 3 ? last : null;
    }

    /// <summary>Others whom we do not hear either, since the same time, have told nothing for a while: whether they are of the set will be known in a moment.</summary>
    private bool IsSpreading(MonoTime first) => _fleet.Now - first < s_spreading
        && Hearing.Any(h => IsUnheard(h, s_quiet) && _fleet.Pair(_fleet.Self, h)!.SilentSince - first <= s_together);

    /// <summary>It has told nothing for a while, and we hear nothing of it.</summary>
    private bool IsUnheard(string name, Duration quiet) => name != _fleet.Self && _fleet.Now - (_fleet.Node(name)?.LastUntil ?? _fleet.Now) >= quiet
        && _fleet.Pair(_fleet.Self, name)?.Silence >= _fleet.Settings.SilenceFloor;

    /// <summary>
    /// Those who come back and say that they ran all the time and heard nobody: what was taken for the host was its link. From the slices that could not be had while it
    /// was so.
    /// </summary>
    public IEnumerable<Suspicion> CutOff()
    {
        foreach (var name in Hearing.Where(n => n != _fleet.Self))
        {
            if (_fleet.Node(name) is { Alone: { } alone } && _fleet.Now - alone.Told < s_news && alone.Until - alone.From >= s_frozenAfter)
            {
                yield return new Suspicion(VerdictKind.NodeUplink, VerdictPlace.Host(name), alone.From, alone.Until, 0.9)
                {
                    Edges = EdgesBetween([name], [.. Hearing.Where(h => h != name)]),
                    Evidence = [new VerdictEvidence(name, "it ran, and heard nobody for", Math.Round((alone.Until - alone.From).Milliseconds), "ms", 0)],
                };
            }
        }
    }

    /// <summary>
    /// Only one still tells anything, and it hears nobody and sees no kernel at work: that all others have failed is less likely than that it has, and while this is being
    /// found out, its paths to each of them are not accused one by one.
    /// </summary>
    private bool IsLeftAlone() => Hearing is [var one] && _fleet.Names.Count > 2
        && _fleet.Names.All(name => name == one || _fleet.Pair(one, name) is not { } pair || pair.Silence >= _fleet.Settings.SilenceFloor)
        && !_silent.Exists(s => new KernelSigns([.. _fleet.SightsOf(s.Name)], Duration.Zero).IsAlive);

    /// <summary>Since when a node is heard by nobody; null for a node that is.</summary>
    private MonoTime? SilentSince(string name)
    {
        if (name == _fleet.Self || _fleet.NoticeOf(name) == PeerNotice.Maintenance || (_fleet.Node(name) is { } node && _fleet.Now - node.LastUntil < (node.IsYoung ? s_youngMute : s_mute)))
        {
            return null;
        }

        var (observers, deaf) = (0, 0);
        MonoTime? since = null;
        foreach (var pair in _fleet.SightsOf(name))
        {
            // Who is mute itself tells of the time before.
            if (_fleet.Now - pair.Last!.Value.Until > _fleet.Settings.StaleAfter || IsUnheard(pair.Observer, s_mute))
            {
                continue;
            }

            observers++;
            // Heartbeats wait for a lost segment; who still answers probes, or asks ours, is there.
            if (pair.Silence >= _fleet.Settings.SilenceFloor && !(pair.Last.Value.Peer.Path?.Silence < s_probesLast) && Direction.Arrives(pair) != true)
            {
                deaf++;
                since = since is { } earlier && earlier > pair.SilentSince ? earlier : pair.SilentSince;
            }
        }

        return observers > 0 && deaf * 5 >= observers * 4 ? since : null;
    }

    /// <summary>Several at once: a datacenter, a part of the mesh, or ourselves.</summary>
    private Suspicion? Wide(HashSet<string> silent, MonoTime since)
    {
        var edges = EdgesBetween(silent, Hearing);
        if (Hearing.Count <= 1)
        {
            // Who is not silent but has told nothing of late may yet. The one who still hears is us, or the one log that goes on.
            return Hearing.Count == 0 || Silent.Count < _fleet.Names.Count - 1 || HostIsExcused(Hearing[0], since) ? null : new Suspicion(
                VerdictKind.NodeUplink, VerdictPlace.Host(Hearing[0]), since, _fleet.Now, 0.85)
            {
                Edges = edges,
                Evidence = [new VerdictEvidence(Hearing[0], $"peers of {Silent.Count} that fell silent at once", Silent.Count, "", 0), .. SilenceEvidence(since)],
            };
        }

        var lost = Datacenters(silent);
        var left = Datacenters(Hearing);
        IReadOnlyList<VerdictEvidence> evidence =
            [new VerdictEvidence(_fleet.Self, $"hosts that nobody of {Hearing.Count} hears", silent.Count, "", 0), .. SilenceEvidence(since)];
        if (lost is not null && left is not null && !lost.Overlaps(left))
        {
            var suspicion = (lost.Count, left.Count) switch
            {
                (1, 1) => new Suspicion(VerdictKind.DatacenterPath, VerdictPlace.Datacenters(lost.First(), left.First()), since, _fleet.Now, 0.8),
                (1, _) => new Suspicion(VerdictKind.DatacenterDown, VerdictPlace.Datacenter(lost.First()), since, _fleet.Now, 0.85),
                _ => Partition(silent, since),
            };
            return suspicion with { Edges = edges, Evidence = evidence };
        }

        // To whom the way is open is not in another part: hosts that fell silent at the same time, each by itself.
        return silent.Count >= 2 && Hearing.Count >= 2 && !_silent.Exists(s => silent.Contains(s.Name) && SignsOf(s.Name, s.Since).Answers) ? Partition(silent, since) with { Edges = edges, Evidence = evidence } : null;
    }

    private Suspicion Partition(HashSet<string> silent, MonoTime since) =>
        new(VerdictKind.MeshPartitioned, VerdictPlace.Mesh([Hearing, silent]), since, _fleet.Now, 0.8);

    private IEnumerable<VerdictEvidence> SilenceEvidence(MonoTime since)
    {
        yield return new VerdictEvidence(_fleet.Self, "silence", Math.Round((_fleet.Now - since).Milliseconds), "ms", 0);
    }

    private Suspicion? OfHost(string name, MonoTime since)
    {
        var node = _fleet.Node(name);
        var sights = Deaf(name);
        var silence = _fleet.Now - since;
        var signs = SignsOf(name, since);
        var what = _fleet.NoticeOf(name) == PeerNotice.Leaving ? VerdictKind.HostLeft : signs.Of(silence, _fleet.Settings, s_frozenAfter, s_farewell);
        if (what is not { } kind)
        {
            return null;
        }

        if (kind is VerdictKind.HostGone && sights.Count < 2 && !signs.IsAlive)
        {
            // One witness can't tell a host from the way to it.
            return sights.Count == 0 || silence < _fleet.Settings.SilenceFloor * 2 ? null : new Suspicion(
                VerdictKind.PathBlackhole, VerdictPlace.Pair(sights[0].Observer, name), since, _fleet.Now, 0.55)
            {
                Edges = EdgesBetween([name], [sights[0].Observer]),
                Evidence = [.. signs.Evidence(name)],
            };
        }

        return HostRules.OnHost(kind, name, since, kind is VerdictKind.HostLeft or VerdictKind.HostProcessGone ? since : _fleet.Now, signs.Confidence(kind)) with
        {
            Evidence = [.. signs.Evidence(name), .. Unanswered(node)],
            Edges = EdgesBetween([name], Hearing),
            IsCertain = kind is VerdictKind.HostLeft,
        };
    }

    private List<PairView> Deaf(string name) => [.. _fleet.SightsOf(name).Where(p => p.Silence >= _fleet.Settings.SilenceFloor)];

    private KernelSigns SignsOf(string name, MonoTime since) => new(Deaf(name), _fleet.Now - since);

    private IEnumerable<VerdictEvidence> Unanswered(NodeView? node)
    {
        if (node?.UnreachableSince is { } since)
        {
            yield return new VerdictEvidence(_fleet.Self, $"{node.Name} was asked for its slices in vain for", Math.Round((_fleet.Now - since).Milliseconds), "ms", 0);
        }
    }

    /// <summary>A stall explains a silence of about its own length, and no longer one: a busy host stalls all the time.</summary>
    private bool HostIsExcused(string host, MonoTime since) =>
        _fleet.IsExcused(host, since - s_together, _fleet.Now, Duration.FromMilliseconds(500), (_fleet.Now - since) / 2);

    private static HashSet<(string From, string To)> EdgesBetween(IEnumerable<string> some, IReadOnlyCollection<string> others)
    {
        var edges = new HashSet<(string, string)>();
        foreach (var one in some)
        {
            foreach (var other in others)
            {
                edges.Add((one, other));
                edges.Add((other, one));
            }
        }

        return edges;
    }

    /// <summary>The datacenters of hosts, whole ones only; null where a host has none.</summary>
    private HashSet<string>? Datacenters(IEnumerable<string> hosts)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var host in hosts)
        {
            if (_fleet.DatacenterOf(host) is not { } datacenter)
            {
                return null;
            }

            found.Add(datacenter);
        }

        return found;
    }
}
