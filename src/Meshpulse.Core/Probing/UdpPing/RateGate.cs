using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.UdpPing;

/// <summary>
/// A rate limit in whole nanoseconds, so that what it lets pass can be said exactly: in any stretch of time of length w, at
/// most <c>burst + w / interval</c>. It is the generic cell rate algorithm (ITU-T I.371): one number, the time at which
/// the allowance will be whole again, instead of a bucket that has to be filled. The settings are apart from that number,
/// since a table of thousands of gates shares them.
/// </summary>
public readonly record struct RateGate
{
    private readonly Duration _interval;
    private readonly Duration _tolerance;

    /// <summary>A limit.</summary>
    /// <param name="perSecond">How many may pass a second in the long run, 1 to 1,000,000,000; rounded down to a whole interval in nanoseconds.</param>
    /// <param name="burst">How many may pass at once after a silence, 1 to 1,000,000.</param>
    public RateGate(long perSecond, int burst)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perSecond, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(perSecond, 1_000_000_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(burst, 1_000_000);
        // Up, so that never more than the rate gets through.
        _interval = new Duration((1_000_000_000 + perSecond - 1) / perSecond);
        _tolerance = _interval * (burst - 1);
    }

    /// <summary>True where one more may pass now.</summary>
    /// <param name="whole">When the allowance will be whole again; anything up to now is a whole one.</param>
    /// <param name="now">Never before the last one.</param>
    public bool IsOpen(MonoTime whole, MonoTime now) => whole <= now || whole - now <= _tolerance;

    /// <summary>Lets one pass: when the allowance will be whole again after it.</summary>
    public MonoTime Pass(MonoTime whole, MonoTime now) => (whole > now ? whole : now) + _interval;
}
