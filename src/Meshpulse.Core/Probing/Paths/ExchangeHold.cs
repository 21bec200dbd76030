using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// Where an exchange of a session waits for the next reply, which may tell when its own really left the reflector (Follow-Up Telemetry). It
/// waits for a second at most; without the better time it is as good as its T3. One of a reflector that has never told such times does not
/// wait.
/// </summary>
public sealed class ExchangeHold
{
    private static readonly Duration s_longestWait = Duration.FromSeconds(1);

    private PathExchange _held;
    private SerialNumber _heldReply;
    private MonoTime? _heldSince;
    private bool _followsUp;

    /// <summary>Puts an exchange in the place of the one that waited.</summary>
    /// <param name="exchange">The new one.</param>
    /// <param name="reading">The reply that it is of.</param>
    /// <param name="ready">The one that waited, or the new one where none has to wait.</param>
    /// <returns>False where none is ready.</returns>
    public bool TryExchange(in PathExchange exchange, in StampReading reading, out PathExchange ready)
    {
        _followsUp |= reading.FollowUp is not null;
        if (!_followsUp)
        {
            ready = exchange;
            return true;
        }

        var hasReady = _heldSince is not null;
        ready = hasReady ? Improved(reading) : _held;
        (_held, _heldReply, _heldSince) = (exchange, reading.Reply.ReflectorSequence, exchange.Clocks.Arrived);
        return hasReady;
    }

    /// <summary>Takes what a reply says of the one that waits, where it is of no exchange itself.</summary>
    public void Note(in StampReading reading)
    {
        _followsUp |= reading.FollowUp is not null;
        if (_heldSince is not null)
        {
            _held = Improved(reading);
        }
    }

    /// <summary>Gives up waiting for the better time.</summary>
    /// <param name="now">The time; <see cref="MonoTime.Never"/> where nothing more will come.</param>
    /// <param name="ready">The exchange.</param>
    /// <returns>False where none waits, or not for long enough.</returns>
    public bool TryRelease(MonoTime now, out PathExchange ready)
    {
        ready = _held;
        if (_heldSince is not { } since || now - since < s_longestWait)
        {
            return false;
        }

        _heldSince = null;
        return true;
    }

    private PathExchange Improved(in StampReading reading)
    {
        if (reading.FollowUp is not { } followUp || followUp.ReflectorSequence != _heldReply)
        {
            return _held;
        }

        var better = _held.Clocks with { T3 = followUp.T3 };
        return followUp.T3 >= _held.Clocks.T3 && better.IsConsistent
            ? _held with { Clocks = better, Stamps = _held.Stamps | PathStamps.Reflector }
            : _held;
    }
}
