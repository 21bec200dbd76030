using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Tests.Probing.Stamp;

/// <summary>The vectors V1 and V2 from the sender's side: what their bytes say of delay and of the direction of a loss.</summary>
public sealed class StampVectorTests
{
    private const string R0 = "00000000e8fe6f802062bfb996011234e8fe6f80205f78dd00000000e8fe6f801f9add378f840000fa000000";
    private const string R1 = "00000001e8fe6f802581780b96011234e8fe6f80257e312f00000001e8fe6f8024b995898f840000fa000000";
    private const string R2 = "00000002e8fe6f802aa0305d96011234e8fe6f802a9ce98000000002e8fe6f8029d84ddb8f840000fa000000";
    private const string R2NumberedOne = "00000001e8fe6f802aa0305d96011234e8fe6f802a9ce98000000002e8fe6f8029d84ddb8f840000fa000000";

    /// <summary>Nanoseconds since 1970 of the first request, and those between requests and up to each reply.</summary>
    private const long T1 = 1_700_000_000_123_456_789;
    private const long Apart = 20_000_000;
    private const long RoundTrip = 5_550_000;

    [Fact]
    public void V1_round_trips_of_5500_us_without_the_reflectors_50()
    {
        var session = Sent();
        foreach (var reply in new[] { R0, R1, R2 }.Select(Read))
        {
            var decision = session.OnReply(reply);
            Assert.Equal(StampOutcome.Answered, decision.Outcome);
            Assert.Equal(Duration.FromMicroseconds(5_500), decision.Elapsed - (reply.T3 - reply.T2));
            Assert.Equal(Duration.FromMicroseconds(3_000), reply.T2 - reply.T1);
        }

        Assert.Equal((3L, 0L), (session.Totals.Answered, session.Totals.Lost));
    }

    /// <summary>Lost on the way back and a reflector without state look alike, until it is known which it is.</summary>
    [Theory]
    [InlineData(R2NumberedOne, ReflectorKind.Undecided, 1, 0, 0)]
    [InlineData(R2, ReflectorKind.Stateful, 0, 1, 0)]
    [InlineData(R2, ReflectorKind.Stateless, 0, 0, 1)]
    [InlineData(R2, ReflectorKind.Undecided, 0, 0, 1)]
    public void V2_the_direction_of_the_second_packets_loss(string second, ReflectorKind known, long forward, long backward, long unknown)
    {
        var session = Sent();
        if (known != ReflectorKind.Undecided)
        {
            session.NoteKind(known);
        }

        Assert.All(new[] { R0, second }, reply => Assert.Equal(StampOutcome.Answered, session.OnReply(Read(reply)).Outcome));
        session.Expire(new MonoTime(10_000_000_000));
        Assert.Equal((2L, forward, backward, unknown), (session.Totals.Answered, session.Totals.LostForward, session.Totals.LostBackward, session.Totals.LostUnknown));
    }

    private static StampSession Sent()
    {
        var session = new StampSession(new Duration(Apart), Duration.FromSeconds(1), Duration.FromSeconds(2));
        for (var i = 0; i < 3; i++)
        {
            session.OnSent(new MonoTime(i * Apart), new MonoTime(i * Apart), new WallTime(T1 + (i * Apart)));
        }

        return session;
    }

    private static StampReply Read(string hex)
    {
        Assert.Equal(StampError.None, StampReflectorView.TryCreate(Convert.FromHexString(hex), StampMode.Unauthenticated, out var view));
        return new StampReply(
            new SerialNumber(view.SenderSequence),
            new SerialNumber(view.Sequence),
            Time(view.SenderTimestamp, StampTimestampFormat.Ntp),
            Time(view.ReceiveTimestamp, view.ErrorEstimate.Format),
            Time(view.Timestamp, view.ErrorEstimate.Format),
            new MonoTime((view.SenderSequence * Apart) + RoundTrip));
    }

    private static WallTime Time(StampTimestamp timestamp, StampTimestampFormat format)
    {
        Assert.True(timestamp.TryGetNanoseconds(format, T1, out var nanoseconds));
        return new WallTime(nanoseconds);
    }
}
