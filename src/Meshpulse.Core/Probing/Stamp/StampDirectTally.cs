using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.Stamp;

/// <summary>
/// The losses of each direction by the counters of Direct Measurement (RFC 8972, section 4.5): a second opinion beside the sequence
/// numbers, as the reflector counts what it received by itself.
/// <para>
/// Between its first and last reply: who counts the packet at hand and who doesn't is left open by the RFC, and a difference does without
/// it. Least and greatest of each counter are compared, since packets change places in both directions. A packet that the network copied on
/// the way there counts as received twice, and so makes up for a lost one; copies on the way back are seen as such.
/// </para>
/// </summary>
public sealed class StampDirectTally
{
    private StampDirectMeasurement _first;
    private (int Least, int Greatest) _sent;
    private (int Least, int Greatest) _received;
    private (int Least, int Greatest) _transmitted;
    private long _came;
    private bool _isCompared;
    private long _forwardBefore;
    private long _backwardBefore;

    /// <summary>The counters of the reply that was sent last, of all that came; null before the first.</summary>
    public StampDirectMeasurement? Last { get; private set; }

    /// <summary>Sent and not received by the reflector; 0 or more. Null where fewer than two replies came.</summary>
    public long? LostForward => _isCompared ? _forwardBefore + Math.Max(0, Width(_sent) - Width(_received)) : null;

    /// <summary>Sent back by the reflector and not received here, the same.</summary>
    public long? LostBackward => _isCompared ? _backwardBefore + Math.Max(0, Width(_transmitted) - (_came - 1)) : null;

    /// <summary>Takes a reply's counters.</summary>
    /// <param name="counters">As they came; mod 2^32.</param>
    /// <param name="isCopy">The request was answered before.</param>
    /// <param name="startsEpoch">The reflector began to count anew: what was lost around that nobody knows.</param>
    public void Add(in StampDirectMeasurement counters, bool isCopy, bool startsEpoch)
    {
        if (Last is null || startsEpoch)
        {
            Begin(counters);
            return;
        }

        _isCompared = true;
        var transmitted = Offset(counters.ReflectorTransmitted, _first.ReflectorTransmitted);
        // The reflector answered twice where it has gone on since; the network copied its answer where not.
        _came += isCopy && transmitted <= _transmitted.Greatest ? 0 : 1;
        if (transmitted >= _transmitted.Greatest)
        {
            Last = counters;
        }

        _sent = Widen(_sent, Offset(counters.SenderTransmitted, _first.SenderTransmitted));
        _received = Widen(_received, Offset(counters.ReflectorReceived, _first.ReflectorReceived));
        _transmitted = Widen(_transmitted, transmitted);
    }

    private void Begin(in StampDirectMeasurement counters)
    {
        (_forwardBefore, _backwardBefore) = (LostForward ?? 0, LostBackward ?? 0);
        (_first, Last, _came) = (counters, counters, 1);
        (_sent, _received, _transmitted) = (default, default, default);
    }

    private static long Width((int Least, int Greatest) range) => (long)range.Greatest - range.Least;

    private static int Offset(uint value, uint first) => unchecked((int)(value - first));

    private static (int Least, int Greatest) Widen((int Least, int Greatest) range, int value) =>
        (Math.Min(range.Least, value), Math.Max(range.Greatest, value));
}
