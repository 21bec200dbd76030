using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>The four timestamps of one exchange (RFC 8762), with the moments of our own monotonic clock that belong to T1 and T4.</summary>
/// <param name="T1">Request sent, our wall clock.</param>
/// <param name="T2">Request received, the other's wall clock.</param>
/// <param name="T3">Reply sent, the other's wall clock.</param>
/// <param name="T4">Reply received, our wall clock.</param>
/// <param name="Sent">When T1 was read.</param>
/// <param name="Arrived">When T4 was.</param>
public readonly record struct ClockExchange(WallTime T1, WallTime T2, WallTime T3, WallTime T4, MonoTime Sent, MonoTime Arrived)
{
    private static readonly Duration s_slack = Duration.FromMilliseconds(1);

    /// <summary>T2 - T1: forward delay plus offset.</summary>
    public Duration Forward => T2 - T1;

    /// <summary>T4 - T3: backward delay less offset.</summary>
    public Duration Backward => T4 - T3;

    /// <summary>The round trip without the other's own time: no offset is in it.</summary>
    public Duration RoundTrip => T4 - T1 - (T3 - T2);

    /// <summary>
    /// All four can be of clocks that did not step in between: our wall clock went as far as our monotonic one (but for 1 ms and
    /// 500 ppm, adjtimex(2)), the other's time lies within ours, and the round trip is not negative.
    /// </summary>
    public bool IsConsistent
    {
        get
        {
            var elapsed = Arrived - Sent;
            var slack = s_slack + (elapsed.Abs() / 2_000);
            var residence = T3 - T2;
            return elapsed >= Duration.Zero
                && (T4 - T1 - elapsed).Abs() <= slack
                && residence >= Duration.Zero
                && residence <= elapsed + slack
                && RoundTrip >= Duration.Zero;
        }
    }
}
