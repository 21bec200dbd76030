using Meshpulse.Core.Time;

namespace Meshpulse.Core.Membership;

/// <summary>
/// Which of two connections between the same two nodes stays.
/// <para>
/// The problem: two nodes that call each other in the same moment have two connections. The original keeps its own call
/// and closes the other's; when both do that both calls die, both call again, and so on: five nodes started together never
/// settle. A rule that both ends can apply alone would do among ourselves ("the call of the lower identity stands"), but an
/// original doesn't follow it: it may close exactly the connection that the rule prefers, or close none at all.
/// </para>
/// <para>
/// What we do: the rule names a preferred connection, and the other one is closed only when a heartbeat came on the
/// preferred one, which proves that the far end keeps it. Until then both live. If the preferred one dies the other stands;
/// if it stays mute past a deadline while the other speaks, the other stands. Two calls in the same direction are a node
/// that restarted, or somebody who claims to be it: the old connection is preferred, so that one more heartbeat on it turns
/// the newcomer away, and silence on it lets the newcomer in. A node that calls again after we turned its call away does not
/// see our own call as its connection (an original that forgot it): then its call is preferred. Nobody proves who he is
/// in this protocol; the address that a call comes from is the one thing that a stranger elsewhere can't choose, so it
/// breaks the ties. Lists are believed on the connection that counts only (<see cref="MeshNode"/>).
/// </para>
/// <para>
/// Whether two calls crossed each end says by its own times, and an end that is held up sees them further apart, or nearer, than they were. Where that is
/// close the ends may differ, and each would close what the other keeps: there the higher one waits for what the lower does.
/// </para>
/// </summary>
internal static class Contest
{
    /// <summary>How long the preferred connection may stay mute.</summary>
    public static readonly Duration Deadline = Duration.FromMilliseconds(1500);

    /// <summary>How long a call that was turned away is remembered.</summary>
    public static readonly Duration TurnedAwayMemory = Duration.FromSeconds(60);

    /// <summary>The connection to close now, or null while it is too early to say.</summary>
    public static MeshConnection? Loser(MeshPeer peer, bool selfIsLower, Duration pingInterval, MonoTime now)
    {
        if (peer is not { Current: { } current, Rival: { } rival })
        {
            return null;
        }

        var began = Later(current.EstablishedAt, rival.EstablishedAt) + (IsForTheOtherToSay(current, rival, selfIsLower) ? Deadline : Duration.Zero);
        var preferred = Preferred(peer, current, rival, selfIsLower, now);
        var other = preferred == current ? rival : current;
        if (HeardSince(preferred, began))
        {
            return other;
        }

        if (now - began <= Duration.Max(Deadline, pingInterval * 3))
        {
            return null;
        }

        // Where both are mute nothing speaks for the newcomer: a hello alone must not end what may only be stalled.
        return HeardSince(other, began) ? preferred : rival;
    }

    private static MeshConnection Preferred(MeshPeer peer, MeshConnection current, MeshConnection rival, bool selfIsLower, MonoTime now)
    {
        if (current.Outbound == rival.Outbound)
        {
            // Who calls from the address that it claims to be displaces who does not.
            return rival.Remote.SameAddress(peer.Identity) && !current.Remote.SameAddress(peer.Identity) ? rival : current;
        }

        var theirs = current.Outbound ? rival : current;
        var ours = current.Outbound ? current : rival;
        var insists = peer.TurnedAwayAt is { } at && now - at < TurnedAwayMemory && theirs.EstablishedAt > at;
        var crossed = Apart(current, rival) < Deadline;
        if (!crossed)
        {
            // A single call out of the blue does not displace what works, nor does any that comes from another address. Both
            // ends agree on which of the two is the older.
            return insists && theirs.Remote.SameAddress(peer.Identity) ? theirs : current;
        }

        return insists || !selfIsLower ? theirs : ours;
    }

    private static bool IsForTheOtherToSay(MeshConnection current, MeshConnection rival, bool selfIsLower) =>
        !selfIsLower && current.Outbound != rival.Outbound && Apart(current, rival) is var apart && apart > Deadline / 2 && apart < Deadline * 2;

    private static Duration Apart(MeshConnection one, MeshConnection other) => (one.EstablishedAt - other.EstablishedAt).Abs();

    private static bool HeardSince(MeshConnection connection, MonoTime moment) =>
        connection.Arrivals.HasLast && connection.Arrivals.Last > moment;

    private static MonoTime Later(MonoTime a, MonoTime b) => a > b ? a : b;
}
