using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Probing.Ping;

public class PingSessionTests
{
    private static readonly Duration s_interval = Duration.FromMilliseconds(25);
    private static readonly Duration s_timeout = Duration.FromSeconds(1);

    [Fact]
    public void An_answer_in_time_is_answered_a_second_one_is_a_duplicate()
    {
        var session = NewSession();
        session.OnSent(At(0));

        Assert.Equal(new PingDecision(PingOutcome.Answered, Duration.FromMilliseconds(3), At(3)), session.OnReply(1, At(3)));
        Assert.Equal(PingOutcome.Duplicate, session.OnReply(1, At(4)).Outcome);
        Assert.False(session.TryExpire(At(5000), out _));
        Assert.Equal(0, session.Outstanding);
    }

    [Fact]
    public void No_answer_in_time_is_lost_at_the_time_out_and_a_later_one_takes_the_loss_back_there()
    {
        var session = NewSession();
        session.OnSent(At(0));
        Assert.False(session.TryExpire(At(999), out _));
        Assert.True(session.TryExpire(At(1500), out var lost));
        Assert.Equal(new PingDecision(PingOutcome.Lost, Duration.Zero, At(1000)), lost);
        Assert.False(session.TryExpire(At(1500), out _));

        var late = session.OnReply(1, At(1600));
        Assert.Equal(new PingDecision(PingOutcome.Late, Duration.FromMilliseconds(1600), At(1000), TakesBackLoss: true), late);
        Assert.Equal(PingOutcome.Duplicate, session.OnReply(1, At(1601)).Outcome);
    }

    [Fact]
    public void An_answer_that_arrived_in_time_and_was_read_late_is_answered()
    {
        var session = NewSession();
        session.OnSent(At(0));
        Assert.True(session.TryExpire(At(3000), out _));

        Assert.Equal(
            new PingDecision(PingOutcome.Answered, Duration.FromMilliseconds(700), At(1000), TakesBackLoss: true),
            session.OnReply(1, At(700)));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(2UL)]
    [InlineData(513UL)]
    [InlineData(ulong.MaxValue)]
    public void An_answer_to_what_was_never_sent_is_unknown(ulong id)
    {
        var session = NewSession();
        session.OnSent(At(0));
        Assert.Equal(PingOutcome.Unknown, session.OnReply(id, At(1)).Outcome);
        Assert.Equal(1, session.Outstanding);
    }

    [Fact]
    public void Whatever_comes_each_request_is_decided_exactly_once_and_the_window_adds_up()
    {
        for (var seed = 1UL; seed <= 60; seed++)
        {
            var random = new SplitMix64(seed);
            var session = NewSession();
            var window = new SlidingWindow(Duration.FromSeconds(3600), Duration.FromSeconds(1));
            var wire = new PriorityQueue<(ulong Id, MonoTime Arrived), long>();
            var (sent, answers, first) = (0L, new HashSet<ulong>(), 0L);
            for (var t = 0L; t < 60_000; t += 5)
            {
                if (t % 25 == 0 && t < 50_000)
                {
                    session.OnSent(At(t));
                    sent++;
                    for (var copies = random.Below(4) == 0 ? 0 : 1 + (random.Below(10) / 9); copies > 0; copies--)
                    {
                        var arrival = t + (random.Below(20) == 0 ? random.Below(9000) : random.Below(40));
                        // Read up to 300 ms after it arrived, as a stalled reader does.
                        wire.Enqueue(((ulong)sent, At(arrival)), arrival + random.Below(300));
                        answers.Add((ulong)sent);
                    }
                }

                while (wire.TryPeek(out var reply, out var readAt) && readAt <= t)
                {
                    wire.Dequeue();
                    first += Apply(window, session.OnReply(reply.Id, reply.Arrived)) ? 1 : 0;
                }

                while (session.TryExpire(At(t), out var lost))
                {
                    Apply(window, lost);
                }
            }

            var sums = window.Read(At(3_600_000));
            Assert.True(session.Outstanding == 0 && sums.Decided == sent, $"seed {seed}: {sums} of {sent}");
            Assert.True(sums.Answered == answers.Count && first == answers.Count, $"seed {seed}: {sums} for {answers.Count} answers");
        }
    }

    [Fact]
    public void Nothing_is_allocated_after_the_start()
    {
        var session = NewSession();
        Drive(session, 0, 1000);
        var from = 0L;
        Assert.Equal(0, Allocations.Least(() => Drive(session, from += 25_000, 1000)));
    }

    private static void Drive(PingSession session, long from, int count)
    {
        for (var i = 0; i < count; i++)
        {
            session.OnSent(At(from + (i * 25)));
            _ = session.OnReply(session.NextId - (ulong)(1 + (i % 3)), At(from + (i * 25) + 2));
            while (session.TryExpire(At(from + (i * 25)), out _))
            {
            }
        }
    }

    private static bool Apply(SlidingWindow window, in PingDecision decision)
    {
        switch (decision.Outcome)
        {
            case PingOutcome.Answered or PingOutcome.Late when decision.TakesBackLoss:
                return window.TakeBack(decision.DecidedAt, decision.Latency);
            case PingOutcome.Answered or PingOutcome.Late:
                window.Decide(decision.DecidedAt, decision.Latency);
                return true;
            case PingOutcome.Lost:
                window.Decide(decision.DecidedAt, null);
                return false;
            default:
                return false;
        }
    }

    private static PingSession NewSession() => new(s_interval, s_timeout, Duration.FromSeconds(10));

    private static MonoTime At(long milliseconds) => new(milliseconds * 1_000_000);
}
