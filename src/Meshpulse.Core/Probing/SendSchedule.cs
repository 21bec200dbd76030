using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing;

/// <summary>
/// When one peer's heartbeats are due: a grid that never moves.
/// <para>
/// The obvious way, sleeping for an interval after each send, adds the work and the lateness of every turn to the period
/// (the original's 5 ms is 5.1), and a sender that stalls simply sends less: the heartbeats that it owed are not missed by
/// anybody, which is coordinated omission. Here a heartbeat belongs to a grid point. A late one is sent late and says by
/// how much; grid points that passed meanwhile are counted as skipped and never sent in a burst.
/// </para>
/// </summary>
public struct SendSchedule
{
    private readonly Duration _interval;
    private MonoTime _lastSent;
    private bool _hasSent;

    /// <summary>A grid through <paramref name="first"/>.</summary>
    public SendSchedule(MonoTime first, Duration interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, Duration.Zero);
        NextDue = first;
        _interval = interval;
    }

    /// <summary>The next grid point.</summary>
    public MonoTime NextDue { get; private set; }

    /// <summary>
    /// Takes the latest grid point that has come, if any has.
    /// </summary>
    /// <param name="now">The time of the send.</param>
    /// <param name="slot">What is due; default where nothing is.</param>
    public bool TryTake(MonoTime now, out SendSlot slot)
    {
        slot = default;
        if (now < NextDue)
        {
            return false;
        }

        var skipped = (now - NextDue).Nanoseconds / _interval.Nanoseconds;
        var intended = NextDue + (_interval * skipped);
        NextDue = intended + _interval;
        slot = new SendSlot(intended, now - intended, skipped, _hasSent ? now - _lastSent : null);
        _lastSent = now;
        _hasSent = true;
        return true;
    }
}
