namespace Meshpulse.Core.Checks;

/// <summary>
/// What became of a pair's probes since it is probed. Every probe that was sent is answered, lost, or still waits; none of these
/// figures ever falls. A probe that was called lost and turned out to be late stays in <paramref name="Lost"/> and is in
/// <paramref name="Late"/> too: lost for good is the difference.
/// </summary>
/// <param name="Sent">Probes that left this host.</param>
/// <param name="Answered">Answers that came within the timeout.</param>
/// <param name="Lost">Probes whose timeout passed without an answer.</param>
/// <param name="Late">Of these, the ones that were answered after all.</param>
/// <param name="Duplicate">Further answers to a probe that was answered.</param>
/// <param name="Unknown">Answers to a probe that was never sent, or is long forgotten.</param>
/// <param name="UnsentLate">Probes that were due and not sent, as our own thread did not run.</param>
/// <param name="UnsentBackpressure">The same, as this host had no room: a full send buffer, too many fetches under way.</param>
/// <param name="UnsentRefused">The same, as this host refused: no route, a firewall, no permission.</param>
/// <param name="UnsentUnresolved">The same, as the target's name has no address.</param>
/// <param name="IcmpErrors">ICMP errors that came about probes; each such probe is answered or lost all the same.</param>
public readonly record struct ProbeTotals(
    long Sent,
    long Answered,
    long Lost,
    long Late,
    long Duplicate,
    long Unknown,
    long UnsentLate,
    long UnsentBackpressure,
    long UnsentRefused,
    long UnsentUnresolved,
    long IcmpErrors)
{
    /// <summary>All that was due and not sent; none of it is loss.</summary>
    public long Unsent => UnsentLate + UnsentBackpressure + UnsentRefused + UnsentUnresolved;
}
