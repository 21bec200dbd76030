using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing;

/// <summary>
/// When the probing thread itself did not run: the last 64 times that it woke late by more than a floor. A gap in what
/// was received is held against it first, so that a sick observer does not accuse the network.
/// </summary>
public sealed class StallLog(Duration floor)
{
    private readonly (MonoTime From, MonoTime To)[] _stalls = new (MonoTime, MonoTime)[64];
    private long _count;

    /// <summary>How many stalls there were since the start.</summary>
    public long Count => _count;

    /// <summary>The longest of all, since the start.</summary>
    public Duration Longest { get; private set; }

    /// <summary>Notes a wake-up; those that were on time are forgotten at once.</summary>
    public void Note(MonoTime due, MonoTime woke)
    {
        var length = woke - due;
        if (length <= floor)
        {
            return;
        }

        _stalls[_count++ % _stalls.Length] = (due, woke);
        Longest = Duration.Max(Longest, length);
    }

    /// <summary>The longest stretch of a stall that lies between two moments; zero where there is none.</summary>
    public Duration LongestWithin(MonoTime from, MonoTime to)
    {
        var longest = Duration.Zero;
        for (var i = 0; i < Math.Min(_count, _stalls.Length); i++)
        {
            var begin = _stalls[i].From > from ? _stalls[i].From : from;
            var end = MonoTime.Min(_stalls[i].To, to);
            longest = Duration.Max(longest, end - begin);
        }

        return longest;
    }
}
