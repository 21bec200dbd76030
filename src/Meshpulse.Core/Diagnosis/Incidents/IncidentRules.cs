using Meshpulse.Core.Diagnosis.Rules;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Incidents;

/// <summary>When two suspicions are of one incident, and which of two names is the better one.</summary>
internal static class IncidentRules
{
    private static readonly Duration s_sameBeginning = Duration.FromSeconds(3);
    private static readonly Duration s_ownWordLasts = Duration.FromMilliseconds(2_500);
    private static readonly Duration s_afterEvent = Duration.FromMilliseconds(500);

    public static IncidentFamily FamilyOf(VerdictKind what) => what switch
    {
        VerdictKind.HostMaintenance => IncidentFamily.Maintenance,
        VerdictKind.ObserverSick => IncidentFamily.Observer,
        VerdictKind.ClockStep or VerdictKind.ClockDrift or VerdictKind.ClockUnsynchronised => IncidentFamily.Clock,
        VerdictKind.HostReceiveDrops => IncidentFamily.Network,
        <= VerdictKind.HostLeft => IncidentFamily.Host,
        _ => IncidentFamily.Network,
    };

    public static bool IsSame(Incident incident, Suspicion suspicion)
    {
        var (was, now) = (FamilyOf(incident.Current.What), FamilyOf(suspicion.What));
        if (was != now)
        {
            return IsOutsideView(incident, suspicion, was, now);
        }

        return now switch
        {
            IncidentFamily.Clock => incident.Current.What == suspicion.What && incident.Current.Where.Equals(suspicion.Where),
            IncidentFamily.Host => incident.Current.Where.Equals(suspicion.Where) && !IsAfter(incident, suspicion) && !IsItsEnd(incident, suspicion) && (IsAbsence(incident.Current.What) == IsAbsence(suspicion.What)
                || (incident.Since - suspicion.From).Abs() <= s_sameBeginning),
            IncidentFamily.Network => incident.Current.Where.Equals(suspicion.Where)
                || (incident.Until is null ? Overlap(incident.Edges, suspicion.Edges) || IsOfItsHost(incident.Current, suspicion) : AreOfOnePair(incident.Current.Where, suspicion.Where)),
            _ => incident.Current.Where.Equals(suspicion.Where),
        };
    }

    /// <summary>Not there at all, or there and slow: of one host these can be two incidents, one within the other.</summary>
    private static bool IsAbsence(VerdictKind what) =>
        what is VerdictKind.HostFrozen or VerdictKind.HostGone or VerdictKind.HostProcessGone or VerdictKind.HostRestarted or VerdictKind.HostLeft;

    /// <summary>A restart, and an end of the agent, happen and are over: what its host does later is another thing, however soon it does it.</summary>
    private static bool IsAfter(Incident incident, Suspicion suspicion) =>
        IsEvent(incident.Current.What) && !IsEvent(suspicion.What) && suspicion.From - incident.Seen > s_afterEvent;

    /// <summary>An agent that ends some time after its host had been absent, and was back, has not been gone since then. That it begins anew may be what was known of last.</summary>
    private static bool IsItsEnd(Incident incident, Suspicion suspicion) => incident.Until is not null && !IsEvent(incident.Current.What)
        && suspicion.What is VerdictKind.HostProcessGone or VerdictKind.HostLeft && suspicion.From - incident.Seen > s_afterEvent;

    private static bool IsEvent(VerdictKind what) => what is VerdictKind.HostProcessGone or VerdictKind.HostRestarted or VerdictKind.HostLeft;

    /// <summary>Whether a suspicion may give an incident its name, or only keeps it alive under the one that it has.</summary>
    public static bool IsBetter(Suspicion suspicion, Suspicion current)
    {
        var (was, now) = (FamilyOf(current.What), FamilyOf(suspicion.What));
        if (was == IncidentFamily.Host && now == IncidentFamily.Host)
        {
            return Rank(suspicion) >= Rank(current) || IsLongSilent(suspicion, current);
        }

        if (was == now)
        {
            return suspicion.Confidence >= current.Confidence - 0.25;
        }

        return now == IncidentFamily.Host ? suspicion.IsCertain || suspicion.Edges.Count >= current.Edges.Count : Rank(current) < 2;
    }

    /// <summary>What a host said of itself explains no silence that has lasted for longer since.</summary>
    private static bool IsLongSilent(Suspicion suspicion, Suspicion current) =>
        IsAbsence(suspicion.What) && !IsAbsence(current.What) && suspicion.Seen - current.Seen > s_ownWordLasts;

    /// <summary>The same for what has ended: of the network any name is better than one that was true before.</summary>
    public static bool MayRename(Suspicion suspicion, Suspicion ended) =>
        IsBetter(suspicion, ended) || (FamilyOf(ended.What), FamilyOf(suspicion.What)) is (IncidentFamily.Network, IncidentFamily.Network);

    /// <summary>
    /// What is left of a fault while it ends, and what shows before all of it does, is called less: a queue that drains has losses without delay, a dead flow that lives
    /// again has losses that get their direction now.
    /// </summary>
    public static bool IsLesser(Suspicion suspicion, Suspicion current) => Gravity(suspicion.What) < Gravity(current.What);

    private static int Gravity(VerdictKind what) => what switch
    {
        VerdictKind.PathBlackhole or VerdictKind.PathFlowLoss or VerdictKind.PathMtu or VerdictKind.PathCongestion or VerdictKind.PathCorruption
            or VerdictKind.PathReordering => 3,
        VerdictKind.PathDuplication or VerdictKind.PathChanged or VerdictKind.HostReceiveDrops => 2,
        VerdictKind.PathLoss or VerdictKind.PathLatency => 1,
        VerdictKind.PathJitter => 0,
        _ => 4,
    };

    /// <summary>Where a name of fewer pairs or flows takes the place of one of more, that has to be true for longer: what ends does not end everywhere at once.</summary>
    public static bool IsNarrower(Suspicion suspicion, Suspicion current) =>
        (suspicion.Edges.Count < current.Edges.Count && suspicion.Edges.Count > 0)
        || (suspicion.What == VerdictKind.PathFlowLoss && current.What == VerdictKind.PathFlowLoss && suspicion.Where.Flows.Count < current.Where.Flows.Count);

    /// <summary>Of packets that are late now and then, a few slices in a row may be late as a whole: a longer way stays longer.</summary>
    public static bool IsOnlySteadier(Suspicion suspicion, Suspicion current) =>
        (current.What, suspicion.What) is (VerdictKind.PathJitter, VerdictKind.PathLatency);

    /// <summary>From outside a host that is gone, one whose link is cut and a path with one witness look alike for a while.</summary>
    private static bool IsOutsideView(Incident incident, Suspicion suspicion, IncidentFamily was, IncidentFamily now)
    {
        var isPair = (was, now) is (IncidentFamily.Host, IncidentFamily.Network) or (IncidentFamily.Network, IncidentFamily.Host);
        return isPair && (incident.Since - suspicion.From).Abs() <= s_sameBeginning
            && (Overlap(incident.Edges, suspicion.Edges) || incident.Current.Where.Equals(suspicion.Where));
    }

    private static bool Overlap(HashSet<(string From, string To)> a, IReadOnlySet<(string From, string To)> b)
    {
        var smaller = Math.Min(a.Count, b.Count);
        return smaller > 0 && b.Count(a.Contains) * 2 >= smaller;
    }

    /// <summary>
    /// What is over comes back where it was. A single pair that was part of something wide, or something wide of which the pair is a part, is another trouble: to call it by
    /// the old name would blame a host for what is its neighbour's.
    /// </summary>
    private static bool AreOfOnePair(VerdictPlace was, VerdictPlace now) => IsOfPair(was) && IsOfPair(now)
        && VerdictPlace.Pair(was.First, was.Second).Equals(VerdictPlace.Pair(now.First, now.Second));

    /// <summary>What is lost on one more pair of a host whose link loses: while connections break, not all of its pairs are measured when it is found.</summary>
    private static bool IsOfItsHost(Suspicion wide, Suspicion pair) => wide is { What: VerdictKind.NodeUplink, Where.Kind: VerdictPlaceKind.Host } && pair.What == VerdictKind.PathLoss
        && IsOfPair(pair.Where) && (pair.Where.First == wide.Where.First || pair.Where.Second == wide.Where.First);

    private static bool IsOfPair(VerdictPlace where) => where.Kind is VerdictPlaceKind.Path or VerdictPlaceKind.Pair or VerdictPlaceKind.Flows;

    /// <summary>The host's own word before what others think of its silence, and that before no idea at all.</summary>
    private static int Rank(Suspicion suspicion) => suspicion switch
    {
        { What: VerdictKind.HostStalled } => 0,
        { What: VerdictKind.HostRestarted or VerdictKind.HostLeft } => 4,
        { What: VerdictKind.HostProcessGone } => 3,
        { IsCertain: true } => 2,
        _ => 1,
    };
}
