using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>A probe that was answered in time.</summary>
/// <param name="Flow">By which flow, from 0.</param>
/// <param name="Sequence">Its number in that flow's session, without wrapping.</param>
/// <param name="Clocks">Its times.</param>
/// <param name="Stamps">Which of them are a kernel's.</param>
/// <param name="SenderTtl">The hop limit with which the request reached the reflector, as it says.</param>
/// <param name="Ttl">The hop limit with which the reply came; null where it was not told.</param>
/// <param name="SeenDscp">The code point with which the request reached the reflector; null where it says nothing of it.</param>
/// <param name="IsSynchronised">The reflector says that its clock is synchronised to UTC.</param>
public readonly record struct PathExchange(
    int Flow,
    long Sequence,
    ClockExchange Clocks,
    PathStamps Stamps,
    byte SenderTtl,
    byte? Ttl,
    byte? SeenDscp,
    bool IsSynchronised)
{
    /// <summary>Puts together what is known of a reply: the kernel's time of sending where it came and can be right.</summary>
    /// <param name="flow">By which flow.</param>
    /// <param name="arrival">How the reply came.</param>
    /// <param name="reading">What it says.</param>
    /// <param name="decision">What the session says of it.</param>
    public static PathExchange Of(int flow, in PathArrival arrival, in StampReading reading, in StampDecision decision)
    {
        var stamps = arrival.IsStamped ? PathStamps.Receive : PathStamps.None;
        var clocks = ClocksOf(arrival, reading, decision, decision.T1);
        if (decision.SendStamp is { } stamp && ClocksOf(arrival, reading, decision, stamp) is { IsConsistent: true } better)
        {
            (stamps, clocks) = (stamps | PathStamps.Send, better);
        }

        return new PathExchange(flow, decision.Sequence, clocks, stamps, reading.SenderTtl, arrival.Ttl, reading.SeenDscp, reading.IsSynchronised);
    }

    private static ClockExchange ClocksOf(in PathArrival arrival, in StampReading reading, in StampDecision decision, WallTime t1) =>
        new(t1, reading.Reply.T2, reading.Reply.T3, arrival.T4, decision.SentAt + (t1 - decision.T1), arrival.Arrived);
}
