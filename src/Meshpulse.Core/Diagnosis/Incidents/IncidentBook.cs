using Meshpulse.Core.Diagnosis.Rules;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Incidents;

/// <summary>
/// Makes incidents of suspicions.
/// <para>
/// The problem: each judgement sees a moment, and evidence comes in bits: first one pair, then a host, then the host's own word. The obvious way, a verdict
/// for each finding, says a hundred things of one fault, and says them anew each time that it flickers. What we do: a suspicion that lasts over two judgements, or
/// can't be chance, begins an incident; what overlaps it later belongs to it, and may give it a better name, under the same id; it ends when it
/// was not seen for a while, and begins again, as the same, where it comes back soon.
/// </para>
/// Bounded.
/// </summary>
/// <param name="settings">From when on, and for how long.</param>
/// <param name="isOpen">Whether what goes in a direction is looked at, so that it can be found to be well.</param>
internal sealed class IncidentBook(DiagnosisSettings settings, Func<(string From, string To), bool> isOpen)
{
    private static readonly Duration s_persistence = Duration.FromMilliseconds(90);
    private static readonly Duration s_narrowing = Duration.FromMilliseconds(4_000);
    private static readonly Duration s_outOfSight = Duration.FromSeconds(6);
    private static readonly Duration s_pending = Duration.FromMilliseconds(700);
    private static readonly Duration s_sameBeginning = Duration.FromSeconds(3);
    // Less than what has to be quiet before anything is over, by what moments of another's clock may be off.
    private static readonly Duration s_lateNews = Duration.FromSeconds(1);

    private readonly List<Incident> _incidents = [];
    private readonly List<VerdictChange> _changes = [];
    private long _count;

    /// <summary>What is said, and what ended not long ago.</summary>
    public IReadOnlyList<Verdict> Verdicts(ClockPairing now) => [.. _incidents.Where(i => i.IsSaid).Select(i => i.ToVerdict(now))];

    /// <summary>Whether something is said that has not ended and explains a direction.</summary>
    public bool Explains((string From, string To) edge) => _incidents.Exists(i => i is { IsSaid: true, Until: null } && i.Edges.Contains(edge));

    /// <summary>Whether it is said that nothing gets through in a direction.</summary>
    public bool Silences((string From, string To) edge) =>
        _incidents.Exists(i => i is { IsSaid: true, Until: null, Current.What: VerdictKind.PathBlackhole } && i.Edges.Contains(edge));

    /// <summary>Takes in a judgement.</summary>
    /// <param name="suspicions">What it found.</param>
    /// <param name="now">When it was.</param>
    /// <param name="isWhole">All was looked at: what was not found is not there. Else nothing ends by it.</param>
    public IReadOnlyList<VerdictChange> Update(IEnumerable<Suspicion> suspicions, ClockPairing now, bool isWhole = true)
    {
        _changes.Clear();
        var named = new HashSet<Incident>();
        // Those that explain most first: what is part of them must not take their place.
        foreach (var suspicion in suspicions.OrderByDescending(s => s.Edges.Count).ThenByDescending(s => s.Confidence))
        {
            Take(suspicion, named, now);
        }

        foreach (var incident in _incidents.Where(_ => isWhole))
        {
            End(incident, now);
        }

        _incidents.RemoveAll(i => (!i.IsSaid && now.Mono - i.Found > s_pending) || (i.Until is { } until && now.Mono - until > settings.KeepFor));
        Bound();
        return [.. _changes];
    }

    private void Take(Suspicion suspicion, HashSet<Incident> named, ClockPairing now)
    {
        var same = _incidents.Where(i => IsCandidate(i, now.Mono) && IncidentRules.IsSame(i, suspicion)).ToList();
        // What has just begun and is not said yet may be the beginning of what was there before.
        var before = same.Where(i => i.Until is not null).MaxBy(i => i.Seen);
        var incident = same.Where(i => i.Until is null && (i.IsSaid || before is null)).MinBy(i => i.Since) ?? before;
        if (incident is null)
        {
            incident = new Incident(FormattableString.Invariant($"{now.Wall.Nanoseconds / 1_000_000:x}-{++_count}"), suspicion, now.Mono);
            _incidents.Add(incident);
        }
        else
        {
            Absorb(same, incident, suspicion, now);
            if (incident.Until is { } until && suspicion.Seen <= until + s_lateNews)
            {
                // What is over is still told of for a moment, and by who could not be asked meanwhile later than that.
                return;
            }

            if (incident.Until is not null && !IsBack(incident, suspicion, now))
            {
                return;
            }

            Recur(incident, suspicion, now);
        }

        (incident.Found, incident.Seen) = (now.Mono, suspicion.Seen > incident.Seen ? suspicion.Seen : incident.Seen);
        Name(incident, suspicion, named.Add(incident), now);
        if (incident.Current == suspicion)
        {
            // What it might have been for a moment explains nothing later.
            incident.Edges.UnionWith(suspicion.Edges);
        }

        Say(incident, now);
    }

    private bool IsCandidate(Incident incident, MonoTime now) => incident.Until is not { } until || now - until <= settings.RecurWithin;

    /// <summary>A wider finding takes in the narrower ones that it explains and that began with it.</summary>
    private void Absorb(List<Incident> same, Incident into, Suspicion by, ClockPairing now)
    {
        foreach (var other in same)
        {
            if (other == into || other.Until is not null || (other.Since - by.From).Abs() > s_sameBeginning || StandsByItself(other, by, now))
            {
                continue;
            }

            into.Edges.UnionWith(other.Edges);
            if (other.IsSaid)
            {
                other.Until = now.Mono;
                _changes.Add(new VerdictChange(VerdictChangeKind.Ended, other.ToVerdict(now)));
            }
            else
            {
                other.Found = new MonoTime(long.MinValue / 2);
            }
        }
    }

    /// <summary>
    /// What this judgement found too is not explained by a finding of the other family: a host with a bad link that stalls as well has two troubles, and ending the one
    /// would only begin it again in the next judgement.
    /// </summary>
    private static bool StandsByItself(Incident other, Suspicion by, ClockPairing now) =>
        other.Found == now.Mono && IncidentRules.FamilyOf(other.Current.What) != IncidentRules.FamilyOf(by.What);

    /// <summary>As at its beginning, one judgement alone may be chance.</summary>
    private static bool IsBack(Incident incident, Suspicion suspicion, ClockPairing now)
    {
        incident.Back = incident.Back is { } back && now.Mono - back.Last <= s_pending ? (back.First, now.Mono) : (now.Mono, now.Mono);
        return suspicion.IsCertain || now.Mono - incident.Back.Value.First >= s_persistence;
    }

    /// <summary>What comes back as something graver, or elsewhere, is called so at once; what begins with less of the same may yet become it.</summary>
    private void Recur(Incident incident, Suspicion suspicion, ClockPairing now)
    {
        if (incident.Until is null)
        {
            return;
        }

        (incident.Until, incident.Back) = (null, null);
        incident.Recurrences++;
        incident.Edges.Clear();
        if (IncidentRules.MayRename(suspicion, incident.Current) && !IncidentRules.IsNarrower(suspicion, incident.Current) && !IncidentRules.IsLesser(suspicion, incident.Current))
        {
            (incident.Current, incident.Rival, incident.ToldConfidence) = (suspicion, null, suspicion.Confidence);
        }

        _changes.Add(new VerdictChange(VerdictChangeKind.Recurred, incident.ToVerdict(now)));
    }

    private void Name(Incident incident, Suspicion suspicion, bool mayName, ClockPairing now)
    {
        if (suspicion.What == incident.Current.What && suspicion.Where.Equals(incident.Current.Where))
        {
            (incident.Current, incident.Rival) = (suspicion, null);
            incident.Since = MonoTime.Min(incident.Since, suspicion.From < incident.Since - settings.Hold ? incident.Since : suspicion.From);
            return;
        }

        if (!mayName || !IncidentRules.IsBetter(suspicion, incident.Current) || IsJustWhatIsSeen(suspicion, incident.Current))
        {
            return;
        }

        if (incident.Rival is not { } rival || rival.As.What != suspicion.What || !rival.As.Where.Equals(suspicion.Where))
        {
            incident.Rival = rival = (suspicion, now.Mono);
        }

        var mustLast = MustLast(suspicion, incident.Current);
        var needed = !incident.IsSaid || suspicion.IsCertain ? Duration.Zero : mustLast ? s_narrowing : s_persistence;
        // What is counted over seconds shows that long after its end, and has not lasted for it.
        if ((mustLast ? suspicion.Latest ?? suspicion.Seen : now.Mono) - rival.Since < needed)
        {
            return;
        }

        (incident.Current, incident.Rival) = (suspicion, null);
        if (incident.IsSaid)
        {
            incident.ToldConfidence = suspicion.Confidence;
            _changes.Add(new VerdictChange(VerdictChangeKind.Changed, incident.ToVerdict(now)));
        }
    }

    /// <summary>
    /// A part of what suffers is not what is left of it, where the connections of most of the rest have broken meanwhile: heavy losses end them one by one, and nobody probes
    /// where none stands.
    /// </summary>
    private bool IsJustWhatIsSeen(Suspicion suspicion, Suspicion current)
    {
        if (!IncidentRules.IsNarrower(suspicion, current))
        {
            return false;
        }

        var (rest, open) = (0, 0);
        foreach (var edge in current.Edges)
        {
            if (!suspicion.Edges.Contains(edge))
            {
                rest++;
                open += isOpen(edge) ? 1 : 0;
            }
        }

        return open * 2 < rest;
    }

    /// <summary>Names that are true for a moment while another is the right one.</summary>
    private static bool MustLast(Suspicion suspicion, Suspicion current) => IncidentRules.IsNarrower(suspicion, current) || IncidentRules.IsLesser(suspicion, current)
        || IncidentRules.IsOnlySteadier(suspicion, current);

    private void Say(Incident incident, ClockPairing now)
    {
        if (!incident.IsSaid)
        {
            if (incident.Current.IsCertain || now.Mono - incident.FirstFound >= s_persistence)
            {
                (incident.IsSaid, incident.Noticed, incident.ToldConfidence) = (true, now.Wall, incident.Current.Confidence);
                _changes.Add(new VerdictChange(VerdictChangeKind.Begun, incident.ToVerdict(now)));
            }
        }
        else if (Math.Abs(incident.Current.Confidence - incident.ToldConfidence) >= 0.2)
        {
            incident.ToldConfidence = incident.Current.Confidence;
            _changes.Add(new VerdictChange(VerdictChangeKind.Changed, incident.ToVerdict(now)));
        }
    }

    private void End(Incident incident, ClockPairing now)
    {
        if (!incident.IsSaid || incident.Until is not null)
        {
            return;
        }

        // What flaps has to be quiet for longer each time.
        var hold = settings.Hold * Math.Min(1 + incident.Recurrences, 8);
        if (now.Mono - incident.Found > Duration.FromMilliseconds(400) && now.Mono - incident.Seen > (IsOutOfSight(incident) ? hold + s_outOfSight : hold))
        {
            incident.Until = incident.Seen;
            _changes.Add(new VerdictChange(VerdictChangeKind.Ended, incident.ToVerdict(now)));
        }
    }

    /// <summary>Heavy losses end connections, and nobody probes where none stands: what is wide is not over because most of it is not looked at.</summary>
    private bool IsOutOfSight(Incident incident) => IncidentRules.FamilyOf(incident.Current.What) == IncidentFamily.Network
        && incident.Current.Edges.Count > 2 && incident.Current.Edges.Count(isOpen) * 2 < incident.Current.Edges.Count;

    private void Bound()
    {
        while (_incidents.Count > settings.MaxVerdicts)
        {
            _incidents.RemoveAt(Math.Max(0, _incidents.FindIndex(i => i.Until is not null)));
        }
    }
}
