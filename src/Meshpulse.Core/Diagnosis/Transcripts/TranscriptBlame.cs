using Meshpulse.Core.Diagnosis.Rules;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>
/// Says who is to blame for a trouble, as people do who lay the nodes' output side by side.
/// <para>
/// The nodes' own word comes first: who sent late to nearly all, or printed his report late, stood still. Then who else saw it: a peer that nearly all saw late, or
/// lost, is to blame itself; one that saw nearly all others late is; all between two datacenters is theirs; what one pair alone saw is its path. That lines have
/// only intervals costs confidence: two things at one time of the same length are taken for one.
/// </para>
/// </summary>
internal sealed class TranscriptBlame(TranscriptView view)
{
    private const int MostEvidence = 5;

    // Nobody measured it: it is what the comparison gives.
    private const string Who = "";

    private static readonly Duration s_gone = Duration.FromSeconds(10);
    private static readonly Duration s_reconnect = Duration.FromSeconds(5);

    /// <summary>What a trouble is laid to; null where it is nothing.</summary>
    public Suspicion? Judge(Trouble trouble)
    {
        if (trouble.IsClosing)
        {
            return OfClosing(trouble);
        }

        return OwnWord(trouble) ?? OfDatacenters(trouble) ?? OfHosts(trouble) ?? OfPath(trouble);
    }

    /// <summary>A node that says of itself that it stood still.</summary>
    public Suspicion? Judge(string node, OwnReport report) => report.OwnStall == Duration.Zero ? null : Stalled(
        node, report.From, report.Until, [new VerdictEvidence(node, "late in sending, or in reporting, by", Math.Round(report.OwnStall.Milliseconds, 1), "ms", view.Nodes[node].Send.Value)], [], 0.75);

    /// <summary>Either end's own stall explains it, where it is of the same order.</summary>
    private Suspicion? OwnWord(Trouble trouble)
    {
        var (sender, receiver) = (StallOf(trouble.Subject, trouble), Duration.Max(trouble.OwnStall, StallOf(trouble.Observer, trouble) ?? Duration.Zero));
        var least = trouble.IsOpen || !trouble.IsDirected ? new Duration(1) : trouble.Size / 2;
        if (sender is { } stall && stall >= least && stall >= receiver)
        {
            return Stalled(trouble.Subject, trouble.From, trouble.Until, [trouble.Evidence, Word(trouble.Subject, stall)], Vote.EdgesOf(trouble), 0.85);
        }

        if (receiver >= least)
        {
            return Stalled(trouble.Observer, trouble.From, trouble.Until, [trouble.Evidence, Word(trouble.Observer, receiver)], Vote.EdgesOf(trouble), 0.85);
        }

        // To this one alone: most likely the others had not come yet, or one thread of several did not run.
        return trouble.IsDirected && view.Pairs.GetValueOrDefault((trouble.Subject, trouble.Observer))?.SentLate(trouble) is { } sent
            ? Stalled(trouble.Subject, trouble.From, trouble.Until, [trouble.Evidence, Word(trouble.Subject, sent)], Vote.EdgesOf(trouble), 0.7)
            : null;
    }

    private Suspicion? OfDatacenters(Trouble trouble)
    {
        if (DatacenterOf(trouble.Observer) is not { } here || DatacenterOf(trouble.Subject) is not { } there || here == there)
        {
            return null;
        }

        var vote = new Vote(trouble);
        foreach (var (pair, log) in view.Pairs)
        {
            var (a, b) = (DatacenterOf(pair.Observer), DatacenterOf(pair.Subject));
            if ((a == here && b == there) || (a == there && b == here))
            {
                vote.Ask(pair.Observer, pair.Subject, log);
            }
        }

        // Where only one host of a side suffers, or there is only one, that is the smaller place.
        if (!vote.IsMost || vote.Edges.SelectMany(e => new[] { e.From, e.To }).Where(h => DatacenterOf(h) == here).Distinct().Count() < 2
            || vote.Edges.SelectMany(e => new[] { e.From, e.To }).Where(h => DatacenterOf(h) == there).Distinct().Count() < 2)
        {
            return null;
        }

        var down = new[] { here, there }.FirstOrDefault(d => IsDown(d, trouble, vote));
        return down is null
            ? Of(VerdictKind.DatacenterPath, VerdictPlace.Datacenters(here, there), trouble, vote, 0.7)
            : Of(VerdictKind.DatacenterDown, VerdictPlace.Datacenter(down), trouble, vote, 0.65);
    }

    /// <summary>Nothing of a datacenter is heard anywhere else, in at least two others, and it has printed nothing at that time.</summary>
    private bool IsDown(string datacenter, Trouble trouble, Vote vote)
    {
        var others = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (pair, log) in view.Pairs)
        {
            if (DatacenterOf(pair.Subject) != datacenter || DatacenterOf(pair.Observer) is not { } other || !log.Tells(trouble))
            {
                continue;
            }

            if (other == datacenter || log.Agreeing(trouble) is not { What: VerdictKind.PathBlackhole })
            {
                return false;
            }

            others.Add(other);
        }

        return others.Count >= 2 && trouble.What == VerdictKind.PathBlackhole && vote.Edges.Count > 0;
    }

    private Suspicion? OfHosts(Trouble trouble)
    {
        var (subject, observer) = (VoteOn(trouble.Subject, trouble.Observer, trouble, ofSubject: true), VoteOn(trouble.Observer, trouble.Subject, trouble, ofSubject: false));
        if (subject.IsMost && observer.IsMost && subject.Asked > 1 && observer.Asked > 1)
        {
            return Everybody(trouble, subject, observer);
        }

        if (subject.IsMost && (!observer.IsMost || subject.Agreed >= observer.Agreed))
        {
            return OfSubject(trouble, subject);
        }

        return observer.IsMost ? OfObserver(trouble, observer) : null;
    }

    /// <summary>Who was seen badly by nearly all: himself, unless his own output says that he ran; then his link.</summary>
    private Suspicion OfSubject(Trouble trouble, Vote vote)
    {
        var host = trouble.Subject;
        var own = StallOf(host, trouble);
        var more = vote.Agreed >= 3 ? 0.1 : 0;
        if (trouble.IsDirected)
        {
            return own is null
                ? trouble is { IsOpen: true } && trouble.Size >= s_gone && IsWithoutLog(host, trouble)
                    ? Of(VerdictKind.HostGone, VerdictPlace.Host(host), trouble, vote, 0.55 + more)
                    : Of(VerdictKind.HostStalled, VerdictPlace.Host(host), trouble, vote, 0.6 + more)
                : Of(VerdictKind.NodeUplink, VerdictPlace.Host(host), trouble, vote, 0.6 + more, Word(host, own.Value));
        }

        if (trouble.What is VerdictKind.PathJitter)
        {
            return Of(VerdictKind.HostStalled, VerdictPlace.Host(host), trouble, vote, 0.55 + more);
        }

        return trouble.What == VerdictKind.PathBlackhole && vote.Members.TrueForAll(t => t.What == VerdictKind.PathBlackhole)
            ? Of(!HasRun(host, trouble) ? VerdictKind.HostGone : OwnProbesAreFine(host, trouble) ? VerdictKind.HostProcessGone : VerdictKind.NodeUplink, VerdictPlace.Host(host), trouble, vote, 0.6 + more)
            : Of(VerdictKind.NodeUplink, VerdictPlace.Host(host), trouble, vote, 0.6 + more);
    }

    /// <summary>Who saw nearly all others badly. Where the others see him well it is he who can't judge.</summary>
    private Suspicion OfObserver(Trouble trouble, Vote vote)
    {
        var host = trouble.Observer;
        if (trouble.IsDirected)
        {
            return StallOf(host, trouble) is { } own
                ? Of(VerdictKind.NodeUplink, VerdictPlace.Host(host), trouble, vote, 0.6, Word(host, own))
                : Of(VerdictKind.HostStalled, VerdictPlace.Host(host), trouble, vote, 0.55);
        }

        var seen = view.Others[host].Select(o => view.Pairs.GetValueOrDefault((o, host))).OfType<PairLog>().Where(p => p.Tells(trouble)).ToList();
        return seen.Count > 0 && seen.TrueForAll(p => p.Agreeing(trouble) is null)
            ? Of(VerdictKind.ObserverSick, VerdictPlace.Host(host), trouble, vote, 0.5)
            : Of(trouble.What is VerdictKind.PathJitter ? VerdictKind.HostStalled : VerdictKind.NodeUplink, VerdictPlace.Host(host), trouble, vote, 0.6);
    }

    /// <summary>Nearly all that both ends saw is bad: where that is so of all nodes the mesh is, else the one of whom more is.</summary>
    private Suspicion Everybody(Trouble trouble, Vote subject, Vote observer)
    {
        var all = new Vote(trouble);
        foreach (var (pair, log) in view.Pairs)
        {
            all.Ask(pair.Observer, pair.Subject, log);
        }

        if (!all.IsMost)
        {
            return subject.Agreed >= observer.Agreed ? OfSubject(trouble, subject) : OfObserver(trouble, observer);
        }

        var hosts = all.Edges.SelectMany(e => new[] { e.From, e.To }).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return Of(VerdictKind.MeshPartitioned, VerdictPlace.Mesh(hosts.Select(h => new[] { h })), trouble, all, 0.5);
    }

    private Suspicion OfPath(Trouble trouble)
    {
        var back = view.Pairs.GetValueOrDefault((trouble.Subject, trouble.Observer));
        var other = back?.Agreeing(trouble);
        var knows = back?.Tells(trouble) == true;
        var place = trouble.IsDirected
            ? other is null ? VerdictPlace.Path(trouble.Subject, trouble.Observer) : VerdictPlace.Pair(trouble.Subject, trouble.Observer)
            : trouble.IsForward switch
            {
                true => VerdictPlace.Path(trouble.Observer, trouble.Subject),
                false => VerdictPlace.Path(trouble.Subject, trouble.Observer),
                _ => VerdictPlace.Pair(trouble.Observer, trouble.Subject),
            };
        var edges = Vote.EdgesOf(trouble);
        if (place.Kind == VerdictPlaceKind.Pair)
        {
            edges.UnionWith([(trouble.Subject, trouble.Observer), (trouble.Observer, trouble.Subject)]);
        }

        // With two nodes, or one log, nobody excuses the hosts.
        var isAlone = view.Others[trouble.Subject].Count < 2 && view.Others[trouble.Observer].Count < 2;
        var evidence = other is null ? new[] { trouble.Evidence } : [trouble.Evidence, other.Evidence];
        return new Suspicion(trouble.What, place, At(trouble.From), At(trouble.Until), isAlone ? 0.4 : knows ? 0.6 : 0.5)
        {
            Edges = edges,
            Evidence = [.. evidence, Within(trouble.From, trouble.Until)],
            IsCertain = true,
        };
    }

    /// <summary>A connection that ended: for nearly all who had one the peer's program is gone, or its host.</summary>
    private Suspicion? OfClosing(Trouble trouble)
    {
        var at = trouble.Until - (trouble.Until - trouble.From) / 2;
        if (view.Pairs[(trouble.Observer, trouble.Subject)].Joined is { } joined && joined >= at && joined <= at + s_reconnect)
        {
            return null;
        }

        var vote = VoteOn(trouble.Subject, trouble.Observer, trouble, ofSubject: true);
        if (vote.Asked > 0 && !vote.IsMost)
        {
            return trouble.What == VerdictKind.PathBlackhole ? OfPath(trouble) : null;
        }

        var what = vote.Members.TrueForAll(t => t.What == VerdictKind.PathBlackhole) ? VerdictKind.HostGone : VerdictKind.HostProcessGone;
        var suspicion = Of(what, VerdictPlace.Host(trouble.Subject), trouble, vote, vote.Asked == 0 ? 0.5 : 0.7) with { From = At(at), Seen = At(at) };
        view.Nodes[trouble.Subject].Absent ??= new Suspected(suspicion, at);
        return suspicion;
    }

    /// <summary>Asks all who printed of a host, or all of whom it printed, the other end of the trouble aside.</summary>
    private Vote VoteOn(string host, string end, Trouble trouble, bool ofSubject)
    {
        var vote = new Vote(trouble);
        foreach (var other in view.Others[host])
        {
            if (other == end)
            {
                continue;
            }

            // Of losses there and back nobody knows which of the two it was: both see it, or either.
            var seen = ofSubject || !trouble.IsDirected ? view.Pairs.GetValueOrDefault((other, host)) : null;
            var sees = !ofSubject || !trouble.IsDirected ? view.Pairs.GetValueOrDefault((host, other)) : null;
            if (seen?.Agreeing(trouble) is null && sees is not null)
            {
                vote.Ask(host, other, sees);
            }
            else if (seen is not null)
            {
                vote.Ask(other, host, seen);
            }
        }

        return vote;
    }

    private Duration? StallOf(string host, Trouble trouble) => view.Nodes.GetValueOrDefault(host)?.StallAt(trouble);

    /// <summary>It has printed nothing since the trouble began.</summary>
    private bool IsWithoutLog(string host, Trouble trouble) => view.Nodes[host].Last is not { } last || last < trouble.From;

    /// <summary>It has printed at that time and later.</summary>
    private bool HasRun(string host, Trouble trouble) => view.Nodes[host].Last is { } last && last >= trouble.Until;

    private bool OwnProbesAreFine(string host, Trouble trouble)
    {
        var own = view.Others[host].Select(o => view.Pairs.GetValueOrDefault((host, o))).OfType<PairLog>().Where(p => p.Tells(trouble)).ToList();
        return own.Count > 0 && own.TrueForAll(p => p.Agreeing(trouble) is null);
    }

    private string? DatacenterOf(string host) => view.Nodes.GetValueOrDefault(host)?.Datacenter;

    private static Suspicion Stalled(string host, WallTime from, WallTime until, IReadOnlyList<VerdictEvidence> evidence, HashSet<(string From, string To)> edges, double confidence) =>
        HostRules.OnHost(VerdictKind.HostStalled, host, At(from), At(until), confidence) with
        {
            Edges = edges,
            Evidence = [.. evidence, Within(from, until)],
            IsCertain = true,
        };

    private static Suspicion Of(VerdictKind what, VerdictPlace where, Trouble trouble, Vote vote, double confidence, params VerdictEvidence[] further)
    {
        // All of it lies within each one's interval, so within what they have in common.
        var (from, until) = (trouble.From, trouble.Until);
        foreach (var member in vote.Members)
        {
            (from, until) = (member.From > from ? member.From : from, member.Until < until ? member.Until : until);
        }

        if (from > until)
        {
            (from, until) = (trouble.From, trouble.Until);
        }

        // What lasts began before the interval in which it is seen again.
        from = trouble is { IsOpen: true, IsClosing: false } ? trouble.Until - trouble.Size : from;

        return new Suspicion(what, where, At(from), At(until), confidence)
        {
            Edges = vote.Edges,
            Evidence = [.. vote.Members.Select(m => m.Evidence).Distinct().Take(MostEvidence), .. further, new VerdictEvidence(Who, "pairs that suffer, of those that tell of that time", vote.Agreed + 1, $"of {vote.Asked + 1}", null), Within(from, until)],
            IsCertain = true,
        };
    }

    private static VerdictEvidence Within(WallTime from, WallTime until) => new(Who, "when it was is known to within", Math.Max(1, Math.Round((until - from).Seconds, 1)), "s", null);

    private static VerdictEvidence Word(string host, Duration stall) => new(host, "late in sending, or in reporting, by", Math.Round(stall.Milliseconds, 1), "ms", null);

    private static MonoTime At(WallTime at) => new(at.Nanoseconds);
}
