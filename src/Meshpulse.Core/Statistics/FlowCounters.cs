using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// What one flow did in one window, or since the start; a value of at most 100 bytes, since a thousand paths have
/// eight to sixty-four each. Counts end at 2^32 - 1: a flow of 1,000 packets a second has 49 days.
/// </summary>
public record struct FlowCounters
{
    private long _roundTripSum;
    private long _shortest;
    private long _longest;
    private uint _roundTrips;

    /// <summary>The UDP source port that makes it a flow of its own.</summary>
    public ushort SourcePort { get; set; }

    /// <summary>The code point that its packets leave with, 0 to 63.</summary>
    public byte Dscp { get; set; }

    /// <summary>Requests that left.</summary>
    public uint Sent { get; set; }

    /// <summary>Requests that were due and did not leave.</summary>
    public uint Unsent { get; set; }

    /// <summary>Requests answered in time.</summary>
    public uint Answered { get; set; }

    /// <summary>Requests answered after their timeout.</summary>
    public uint Late { get; set; }

    /// <summary>Lost on the way there.</summary>
    public uint LostForward { get; set; }

    /// <summary>Lost on the way back.</summary>
    public uint LostBackward { get; set; }

    /// <summary>Lost, and nobody knows where.</summary>
    public uint LostUnknown { get; set; }

    /// <summary>Extra copies.</summary>
    public uint Duplicates { get; set; }

    /// <summary>Replies that came after one with a greater number (RFC 4737).</summary>
    public uint Reordered { get; set; }

    /// <summary>The greatest extent among them.</summary>
    public uint ReorderingExtent { get; set; }

    /// <summary>Packets that the receive queue of its socket dropped, another path's perhaps.</summary>
    public uint ReceiveDrops { get; set; }

    /// <summary>The mean round trip; null without any.</summary>
    public readonly Duration? MeanRoundTrip => _roundTrips == 0 ? null : new Duration(_roundTripSum / _roundTrips);

    /// <summary>The shortest round trip; null without any.</summary>
    public readonly Duration? Shortest => _roundTrips == 0 ? null : new Duration(_shortest);

    /// <summary>The longest round trip; null without any.</summary>
    public readonly Duration? Longest => _roundTrips == 0 ? null : new Duration(_longest);

    /// <summary>Takes a round trip.</summary>
    public void AddRoundTrip(Duration roundTrip)
    {
        _shortest = _roundTrips == 0 ? roundTrip.Nanoseconds : Math.Min(_shortest, roundTrip.Nanoseconds);
        _longest = _roundTrips == 0 ? roundTrip.Nanoseconds : Math.Max(_longest, roundTrip.Nanoseconds);
        _roundTripSum += roundTrip.Nanoseconds;
        _roundTrips++;
    }
}
