using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// What one path did in one window, a second or a quarter of one: with the host's own figures, all that anything downstream of probing
/// sees of the network. Immutable once handed on: the figures and flows in it have no other owner.
/// </summary>
/// <param name="From">When the window began.</param>
/// <param name="Until">When it ended.</param>
/// <param name="Counts">The changes of the counts in it.</param>
/// <param name="ReorderingExtent">The greatest extent since the sessions began, in replies (RFC 4737, section 4.2.1).</param>
/// <param name="Delays">The delays of the replies that came in it.</param>
/// <param name="QueueFree">The shortest round trip of the last ten minutes; null where there was none.</param>
/// <param name="Offset">By how much the other's clock is ahead, at the window's end.</param>
/// <param name="ForwardHopLimit">The hop limit with which requests reached the reflector, as it says.</param>
/// <param name="BackwardHopLimit">The hop limit with which replies came.</param>
/// <param name="SentDscp">The DSCP that requests leave with, 0 to 63.</param>
/// <param name="SeenDscp">The DSCP with which they reached the reflector, as it says.</param>
/// <param name="Stamps">Where the times came from.</param>
/// <param name="Mtu">What is known of the largest packets that pass.</param>
/// <param name="Flows">Each flow in it. As of <see cref="Counts"/>, losses can be taken back in a later window; below zero they are 0 here.</param>
public sealed record PathWindow(
    MonoTime From,
    MonoTime Until,
    PathCounts Counts,
    long ReorderingExtent,
    DelayFigures Delays,
    Duration? QueueFree,
    OffsetInterval Offset,
    SeenField ForwardHopLimit,
    SeenField BackwardHopLimit,
    byte SentDscp,
    SeenField SeenDscp,
    StampCounts Stamps,
    MtuFigures Mtu,
    IReadOnlyList<FlowCounters> Flows)
{
    /// <summary>How long it was.</summary>
    public Duration Length => Until - From;
}
