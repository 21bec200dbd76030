using Meshpulse.Core.Time;

namespace Meshpulse.Core.Checks;

/// <summary>TCP connections under way by their numbers, which are given out again; at most so many at once.</summary>
internal sealed class AttemptTable(int capacity)
{
    private readonly List<Attempt> _attempts = [];
    private readonly Stack<int> _free = new();

    /// <summary>Begins one; -1 where there are as many as there may be.</summary>
    public int Add(CheckProbe probe, MonoTime startedAt)
    {
        if (_free.TryPop(out var number))
        {
            _attempts[number] = new Attempt(probe, startedAt);
            return number;
        }

        if (_attempts.Count == capacity)
        {
            return -1;
        }

        _attempts.Add(new Attempt(probe, startedAt));
        return _attempts.Count - 1;
    }

    public bool IsWaiting(int number, MonoTime startedAt) => _attempts[number] is { Probe: not null } attempt && attempt.StartedAt == startedAt;

    /// <summary>Whose it is and when it began; false where it has ended.</summary>
    public bool TryGet(int number, out CheckProbe probe, out MonoTime startedAt)
    {
        var attempt = number >= 0 && number < _attempts.Count ? _attempts[number] : default;
        (probe, startedAt) = (attempt.Probe!, attempt.StartedAt);
        return attempt.Probe is not null;
    }

    /// <summary>Ends one.</summary>
    public void Remove(int number)
    {
        _attempts[number] = default;
        _free.Push(number);
    }

    private readonly record struct Attempt(CheckProbe? Probe, MonoTime StartedAt);
}
