using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Network;

namespace Meshpulse.Sim.Tests.Checks;

/// <summary>A host that can't run for a while accuses nobody.</summary>
public class StallTests
{
    [Fact]
    public void On_a_network_without_loss_nothing_is_lost_but_what_our_own_queue_dropped()
    {
        var (dropped, unsent) = (0L, 0L);
        for (var seed = 1; seed <= 150; seed++)
        {
            var checks = new SimChecks(seed);
            checks.Host.QueueLimit = checks.Random.Below(2) == 0 ? 3 : 10_000;
            var count = checks.Between(1, 6);
            for (var i = 1; i <= count; i++)
            {
                var timeout = checks.Between(2, 1_500);
                checks.Reflect(i);
                // A round trip of a nanosecond less than the timeout.
                var there = new Duration((long)((timeout - 1) * 1_000_000 * checks.Random.NextDouble()));
                checks.SetFaults(
                    SimChecks.Target(i), new DatagramFaults { Delay = there }, new DatagramFaults { Delay = SimChecks.Milliseconds(timeout) - there - new Duration(1) });
                var kind = checks.Random.Below(2) == 0 ? CheckKind.UdpPing : CheckKind.Icmp;
                checks.Host.Add(i, SimChecks.Settings(kind, SimChecks.Milliseconds(checks.Between(1, 300)), SimChecks.Milliseconds(timeout)), SimChecks.Target(i));
            }

            StallAround(checks);
            checks.Finish();
            checks.AssertExact();
            Assert.True(checks.Living.Sum(l => l.Lost) == checks.Host.Dropped, $"seed {seed}: {checks.Living.Sum(l => l.Lost)} lost, {checks.Host.Dropped} dropped");
            Assert.Equal(0, checks.Living.Sum(l => l.Late));
            Assert.Equal(checks.Living.Sum(l => l.Requests.Count), checks.Reflectors.Sum(r => r.Answers.Count) + checks.Living.Where(l => l.Settings.Kind == CheckKind.Icmp).Sum(l => l.Requests.Count));
            dropped += checks.Host.Dropped;
            unsent += checks.Living.Sum(l => l.Unsent.GetValueOrDefault(UnsentCause.Late));
        }

        Assert.True(dropped > 100 && unsent > 10_000, $"{dropped} dropped, {unsent} unsent");
    }

    [Fact]
    public void Unsent_is_the_grid_points_at_which_nobody_was_there_to_send()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var checks = new SimChecks(seed);
            var count = checks.Between(1, 6);
            for (var i = 1; i <= count; i++)
            {
                checks.Reflect(i);
                checks.Host.Add(i, ExactnessTests.AnySettings(checks), SimChecks.Target(i));
            }

            StallAround(checks);
            foreach (var life in checks.Living)
            {
                checks.AssertGrid(life);
                Assert.Equal(life.Requests.Sum(r => r.Slot.Skipped), life.Unsent.GetValueOrDefault(UnsentCause.Late));
                Assert.Equal([], life.Unsent.Keys.Except([UnsentCause.Late]));
            }
        }
    }

    private static void StallAround(SimChecks checks)
    {
        checks.Host.Lateness = SimChecks.Milliseconds(checks.Between(0, 2) * 15);
        for (var i = 0; i < 20; i++)
        {
            checks.Clock.Run(SimChecks.Milliseconds(checks.Between(1, 700)));
            checks.Host.Stall(SimChecks.Milliseconds(checks.Between(0, checks.Random.Below(3) == 0 ? 4_000 : 40)));
        }

        checks.Clock.Run(Duration.FromSeconds(5));
    }
}
