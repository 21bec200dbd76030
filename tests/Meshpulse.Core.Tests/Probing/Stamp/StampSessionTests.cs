using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Probing.Stamp;

/// <summary>Told stories: each line of replies is written as s and r.</summary>
public class StampSessionTests
{
    private static readonly Duration s_interval = Duration.FromMilliseconds(10);
    private static readonly Duration s_timeout = Duration.FromSeconds(1);

    [Theory]
    // The vectors of section B: one lost on the way there, the same on the way back (any r that differs later proves the count).
    [InlineData("0:0 2:1", 3, 1, 0, 0)]
    [InlineData("0:0 2:2 4:3", 5, 1, 1, 0)]
    // One that copies and one that counts and was always reached look alike.
    [InlineData("0:0 2:2", 3, 0, 0, 1)]
    // What follows the last reply.
    [InlineData("0:0 1:1 3:2", 6, 1, 0, 2)]
    // What precedes the first.
    [InlineData("3:1 4:2", 5, 2, 1, 0)]
    [InlineData("0:0 1:1 0:0", 2, 0, 0, 0)]
    // A request reflected twice takes a number; the loss elsewhere is told all the same.
    [InlineData("0:0 1:1 1:2 2:3 4:4 5:5 7:7", 8, 1, 1, 0)]
    // Replies overtake each other.
    [InlineData("0:0 4:3 1:1 6:5 3:2 7:6", 8, 1, 1, 0)]
    // Requests do; 3 overtook 2, and 5 was lost.
    [InlineData("0:0 1:1 3:2 2:3 4:4 6:5", 7, 1, 0, 0)]
    // 2 was overtaken by 3, and its reply was lost: number 3 is nobody else's.
    [InlineData("0:0 1:1 3:2 4:4 6:5", 7, 1, 1, 0)]
    // It does not begin at 0.
    [InlineData("0:1 1:2 3:3 5:5", 6, 1, 1, 0)]
    [InlineData("0:4294967295 1:0 3:1 5:3", 6, 1, 1, 0)]
    [InlineData("2:700 4:701", 5, 1, 0, 2)]
    // It restarts between 3 and 4, in between nothing is lost.
    [InlineData("0:0 2:1 3:2 4:0 5:1 7:3 9:4", 10, 2, 1, 0)]
    // And something is: nobody knows whose it was.
    [InlineData("0:0 2:1 3:2 6:0 7:1", 8, 1, 0, 2)]
    public void The_story_gives_these_losses(string replies, int sent, int forward, int backward, int unknown)
    {
        var totals = Tell(replies, sent).Totals;
        Assert.Equal((forward, backward, unknown), ((int)totals.LostForward, (int)totals.LostBackward, (int)totals.LostUnknown));
    }

    [Fact]
    public void Equal_numbers_prove_nothing_until_one_differs_or_the_caller_knows()
    {
        var session = Tell("0:0 2:2 3:3", 4);
        Assert.Equal((ReflectorKind.Undecided, 1L), (session.Kind, session.Totals.LostUnknown));
        session.NoteKind(ReflectorKind.Stateful);
        Assert.Equal((1L, 0L), (session.Totals.LostBackward, session.Totals.LostUnknown));
        session.NoteKind(ReflectorKind.Stateless);
        Assert.Equal((0L, 1L), (session.Totals.LostBackward, session.Totals.LostUnknown));

        var proven = Tell("0:0 2:2 4:3", 5);
        Assert.Equal((ReflectorKind.Stateful, 1L, 1L), (proven.Kind, proven.Totals.LostBackward, proven.Totals.LostForward));
    }

    [Fact]
    public void A_lost_copy_beside_a_visible_one_is_not_read_as_a_loss_on_the_way_back_once_something_was_lost_on_the_way_there()
    {
        // 1 came twice (1 and 2) and perhaps thrice: whether 2 was lost before or behind number 3 nobody knows.
        var totals = Tell("0:0 1:1 1:2 3:4 5:5", 6).Totals;
        Assert.Equal((1L, 0L, 1L), (totals.LostForward, totals.LostBackward, totals.LostUnknown));
    }

    [Fact]
    public void Copies_are_told_from_requests_that_were_reflected_twice()
    {
        var totals = Tell("0:0 0:0 1:1 1:2 1:2 1:1 2:3", 3).Totals;
        Assert.Equal((3L, 4L, 1L, 0L), (totals.Answered, totals.Duplicates, totals.ReflectedTwice, totals.Lost));
    }

    [Fact]
    public void A_forged_or_unknown_reply_changes_nothing()
    {
        var session = NewSession();
        session.OnSent(At(0), At(0), T1(0));
        Assert.Equal(StampOutcome.Forged, session.OnReply(Reply(0, 0, 1) with { T1 = T1(1) }).Outcome);
        Assert.Equal(StampOutcome.Unknown, session.OnReply(Reply(1, 0, 1)).Outcome);
        Assert.Equal(StampOutcome.Unknown, session.OnReply(Reply(uint.MaxValue, 0, 1)).Outcome);
        var totals = session.Totals;
        Assert.Equal((1L, 1L, 2L, 0), (totals.Outstanding, totals.Forged, totals.Unknown, totals.Epochs));
    }

    [Fact]
    public void The_kernels_time_of_sending_is_kept_unless_it_lies_before_the_send()
    {
        var session = NewSession();
        session.OnSent(At(0), At(0), T1(0));
        session.OnSent(At(1), At(1), T1(1));
        session.OnSendStamp(new SerialNumber(0), T1(0) + new Duration(900));
        session.OnSendStamp(new SerialNumber(1), T1(1) - new Duration(1));
        session.OnSendStamp(new SerialNumber(2), T1(1));
        Assert.Equal(T1(0) + new Duration(900), session.OnReply(Reply(0, 0, 2)).SendStamp);
        var second = session.OnReply(Reply(1, 1, 2));
        Assert.Equal((T1(1), (WallTime?)null), (second.T1, second.SendStamp));
    }

    [Fact]
    public void A_reply_after_its_timeout_takes_the_loss_back_and_is_late()
    {
        var session = NewSession();
        session.OnSent(At(0), At(-3), T1(0));
        Assert.Equal(At(1_000), session.NextExpiry);
        Assert.Equal(0, session.Expire(At(1_000)));
        Assert.Equal(1, session.Expire(At(1_001)));
        Assert.Equal(1, session.Totals.LostUnknown);
        var decision = session.OnReply(Reply(0, 0, 1_400));
        Assert.Equal(new StampDecision(StampOutcome.Late, 0, At(0), At(-3), Duration.FromMilliseconds(1_400), TakesBackLoss: true) { T1 = T1(0) }, decision);
        Assert.Equal((1L, 0L, 0L), (session.Totals.Late, session.Totals.Lost, session.Totals.Answered));
    }

    [Fact]
    public void An_answer_that_arrived_in_time_and_was_read_late_is_answered()
    {
        var session = NewSession();
        session.OnSent(At(0), At(0), T1(0));
        session.Expire(At(2_500));
        Assert.Equal((StampOutcome.Answered, true), session.OnReply(Reply(0, 0, 900)) is var d ? (d.Outcome, d.TakesBackLoss) : default);
    }

    [Fact]
    public void Nothing_comes_back_for_hours_and_then_the_first_reply_tells_the_direction_of_all()
    {
        var session = NewSession();
        var count = 200_000;
        for (var i = 0; i < count; i++)
        {
            session.Expire(At(i * 10));
            session.OnSent(At(i * 10), At(i * 10), T1(i));
            if (i is < 10 or > 199_990)
            {
                // Half of those between were reflected.
                session.OnReply(Reply((uint)i, (uint)(i < 10 ? i : i - 99_000), (i * 10) + 5));
            }
        }

        // Those that wait can be whose numbers are missing; the rest is known at once.
        var totals = session.Totals;
        Assert.Equal(199_981L - 99_000L - totals.Outstanding, totals.LostBackward);
        session.Expire(At(10_000_000));
        totals = session.Totals;
        Assert.Equal((99_000L, 199_981L - 99_000L, 0L), (totals.LostForward, totals.LostBackward, totals.LostUnknown));
    }

    [Fact]
    public void Requests_faster_than_the_session_was_made_for_are_decided_early()
    {
        var session = NewSession();
        for (var i = 0; i < 5_000; i++)
        {
            session.OnSent(At(i / 100), At(i / 100), T1(i));
        }

        var totals = session.Totals;
        Assert.Equal(5_000, totals.Lost + totals.Outstanding);
        Assert.True(totals.Outstanding is > 400 and <= 1_024, totals.ToString());
        Assert.Equal(StampOutcome.Unknown, session.OnReply(Reply(0, 0, 60)).Outcome);
        Assert.Equal(StampOutcome.Answered, session.OnReply(Reply(4_999, 7, 60)).Outcome);
    }

    [Fact]
    public void Nothing_is_allocated_after_the_start()
    {
        var session = NewSession();
        Drive(session, 0, 3_000);
        var (from, lost) = (3_000, 0L);
        Assert.Equal(0, Allocations.Least(() =>
        {
            lost += Drive(session, from, 3_000);
            from += 3_000;
        }));
        Assert.True(lost > 0);
    }

    private static long Drive(StampSession session, int from, int count)
    {
        var lost = 0L;
        for (var i = from; i < from + count; i++)
        {
            session.Expire(At(i * 10));
            session.OnSent(At(i * 10), At(i * 10), T1(i));
            if (i % 5 != 0)
            {
                var s = i ^ 1;
                session.OnReply(Reply((uint)Math.Min(s, i), (uint)Math.Min(s, i), (i * 10) + 2));
            }

            lost = session.Totals.Lost;
        }

        return lost;
    }

    private static StampSession Tell(string replies, int sent)
    {
        var session = NewSession();
        for (var i = 0; i < sent; i++)
        {
            session.OnSent(At(i * 10), At(i * 10), T1(i));
        }

        foreach (var reply in replies.Split(' '))
        {
            var parts = reply.Split(':');
            session.OnReply(Reply(uint.Parse(parts[0]), uint.Parse(parts[1]), (sent * 10) + 5));
        }

        session.Expire(At(60_000));
        return session;
    }

    private static StampSession NewSession() => new(s_interval, s_timeout, Duration.FromSeconds(2));

    private static MonoTime At(long milliseconds) => new(milliseconds * 1_000_000);

    private static WallTime T1(long i) => new(1_700_000_000_000_000_000 + (i * 10_000_000));

    /// <summary>The reflector's clock follows the sender's numbers, as it does where nothing is overtaken on the way there.</summary>
    private static StampReply Reply(uint s, uint r, long arrivedMs)
    {
        var t2 = new WallTime(1_700_000_500_000_000_000 + (s * 10_000_000L));
        return new StampReply(new SerialNumber(s), new SerialNumber(r), T1(s), t2, t2 + new Duration(1), At(arrivedMs));
    }
}
