using Meshpulse.Core.Config;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Checkers;
using Meshpulse.Sim.Network;

namespace Meshpulse.Sim.Tests.Checks;

/// <summary>A round trip above the timeout is lateness and not loss, in the sums and in the windows.</summary>
public class LateAnswerTests
{
    private static readonly Duration s_second = Duration.FromSeconds(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    public void Answers_above_the_timeout_end_as_late_and_the_windows_read_no_loss_in_the_end(int windowSeconds)
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var checks = new SimChecks(seed);
            var timeout = SimChecks.Milliseconds(checks.Between(100, 1_500));
            // By how much the answers come too late: within what a window of any length keeps open behind its end.
            var excess = SimChecks.Milliseconds(checks.Between(1, 1_850));
            checks.Reflect(1);
            checks.Host.Lateness = SimChecks.Milliseconds(checks.Between(0, 2) * 10);
            checks.SetFaults(SimChecks.Target(1), new DatagramFaults { Delay = timeout / 2 }, new DatagramFaults { Delay = timeout - (timeout / 2) + excess });
            var kind = checks.Random.Below(2) == 0 ? CheckKind.UdpPing : CheckKind.Icmp;
            checks.Host.Add(1, SimChecks.Settings(kind, SimChecks.Milliseconds(checks.Between(1, 300)), timeout), SimChecks.Target(1));
            checks.Clock.Run(s_second * checks.Between(3, 15));
            checks.Finish();
            checks.AssertExact();

            var life = checks.Host.Ledger[1];
            Assert.True(life.Requests.Count > 5 && life.Lost == life.Requests.Count && life.Late == life.Lost, $"seed {seed}: {life.Lost} lost, {life.Late} late");
            AssertWindows(life, s_second * windowSeconds, excess + SimChecks.Milliseconds(100), seed);
        }
    }

    [Fact]
    public void A_window_read_at_once_has_the_loss_that_is_not_taken_back_yet()
    {
        // Otherwise the test above could not fail.
        var window = new SlidingWindow(s_second, s_second);
        window.Decide(new MonoTime(5_900_000_000), null);
        Assert.Equal(1, window.Read(new MonoTime(6_000_000_000)).Lost);
        Assert.True(window.TakeBack(new MonoTime(5_900_000_000), s_second));
        Assert.Equal(0, window.Read(new MonoTime(6_000_000_000)).Lost);
    }

    /// <summary>
    /// Feeds a window with the decisions as they were told, and reads it for each second as soon as all that was lost in that second may have
    /// been taken back.
    /// </summary>
    private static void AssertWindows(ProbeLife life, Duration length, Duration patience, int seed)
    {
        var window = new SlidingWindow(length, s_second);
        var boundary = NextBoundary(life.Decisions[0].ToldAt);
        var decided = 0L;
        foreach (var (toldAt, decision) in life.Decisions)
        {
            for (; boundary + patience < toldAt; boundary += s_second)
            {
                decided += Read(window, boundary, seed);
            }

            Feed(window, decision);
        }

        var end = NextBoundary(life.Decisions[^1].ToldAt);
        for (; boundary <= end; boundary += s_second)
        {
            decided += Read(window, boundary, seed);
        }

        Assert.True(decided > 0, $"seed {seed}: nothing was decided");
    }

    private static long Read(SlidingWindow window, MonoTime boundary, int seed)
    {
        var sums = window.Read(boundary);
        Assert.True(sums.Lost == 0, $"seed {seed}: {sums} at {boundary}");
        return sums.Decided;
    }

    private static void Feed(SlidingWindow window, in PingDecision decision)
    {
        if (decision.TakesBackLoss)
        {
            Assert.True(window.TakeBack(decision.DecidedAt, decision.Latency), "the window is over");
        }
        else
        {
            window.Decide(decision.DecidedAt, decision.Outcome == PingOutcome.Lost ? null : decision.Latency);
        }
    }

    private static MonoTime NextBoundary(MonoTime time) => new(((time.Nanoseconds / s_second.Nanoseconds) + 1) * s_second.Nanoseconds);
}
