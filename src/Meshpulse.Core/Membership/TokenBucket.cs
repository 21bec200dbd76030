using Meshpulse.Core.Time;

namespace Meshpulse.Core.Membership;

/// <summary>A rate limit: <c>rate</c> a second, <c>burst</c> at once. It starts full.</summary>
public struct TokenBucket
{
    private readonly double _rate;
    private readonly double _burst;
    private double _tokens;
    private MonoTime _last;
    private bool _started;

    /// <summary>A bucket that is full.</summary>
    /// <param name="rate">Tokens a second that flow in.</param>
    /// <param name="burst">Tokens that it holds.</param>
    public TokenBucket(double rate, double burst) => (_rate, _burst, _tokens) = (rate, burst, burst);

    /// <summary>Takes <paramref name="count"/> where as many are there; takes nothing otherwise.</summary>
    public bool TryTake(MonoTime now, double count = 1)
    {
        // A time before the last one counts as the last: neither does it cost tokens nor is the way back paid for again.
        if (_started && now > _last)
        {
            _tokens = Math.Min(_burst, _tokens + ((now - _last).Seconds * _rate));
        }

        _last = _started && now < _last ? _last : now;
        _started = true;
        if (_tokens < count)
        {
            return false;
        }

        _tokens -= count;
        return true;
    }
}
