using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Checkers;
using Meshpulse.Sim.Network;

namespace Meshpulse.Sim.Tests.Checks;

/// <summary>Probes that come, go and move, and those beside them.</summary>
public class ReloadTests
{
    private const int Targets = 6;

    [Fact]
    public void Probes_that_come_go_and_move_leave_the_others_alone()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var checks = Start(seed);
            var staying = checks.Between(1, 4);
            for (var id = 1; id <= staying; id++)
            {
                checks.Host.Add(id, Pings(checks), SimChecks.Target(checks.Between(1, Targets)));
            }

            checks.Clock.Run(SimChecks.Milliseconds(checks.Between(0, 300)));
            var lastId = Churn(checks, staying);
            checks.Finish();
            Assert.Equal(lastId, checks.Host.Ledger.Lives.Max(l => l.Id));
            checks.AssertExact();
            for (var id = 1; id <= staying; id++)
            {
                var life = checks.Host.Ledger[id];
                Assert.False(life.IsMoved);
                checks.AssertGrid(life);
                Assert.True(life.CountOf(PingOutcome.Unknown) == 0 || life.Settings.Kind == CheckKind.UdpPing, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void Probes_that_stay_send_what_they_would_send_alone()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var (alone, among) = (Start(seed), Start(seed));
            foreach (var checks in (SimChecks[])[alone, among])
            {
                checks.Host.Add(1, SimChecks.Settings(CheckKind.UdpPing, SimChecks.Milliseconds(25), SimChecks.Milliseconds(500)), SimChecks.Target(1));
                checks.Clock.Run(SimChecks.Milliseconds(300));
            }

            Churn(among, staying: 1);
            alone.Clock.Run(among.Clock.Now - alone.Clock.Now);
            Assert.Equal(
                alone.Host.Ledger[1].Requests.Select(r => r.Slot.Intended), among.Host.Ledger[1].Requests.Select(r => r.Slot.Intended).Take(alone.Host.Ledger[1].Requests.Count));
        }
    }

    [Fact]
    public void Answers_to_what_a_probe_was_before_a_reload_are_nobodys()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var checks = Start(seed);
            // It keeps the socket open that the others use too.
            checks.Host.Add(100, SimChecks.Settings(CheckKind.UdpPing, SimChecks.Milliseconds(20), SimChecks.Milliseconds(900)), SimChecks.Target(6));
            checks.Host.Add(101, SimChecks.Settings(CheckKind.Icmp, SimChecks.Milliseconds(20), SimChecks.Milliseconds(900)), SimChecks.Target(6));
            for (var i = 0; i < 30; i++)
            {
                for (var id = 1; id <= 4; id++)
                {
                    checks.Host.Remove(id);
                    checks.Host.Add(id, SimChecks.Settings(id < 3 ? CheckKind.UdpPing : CheckKind.Icmp, SimChecks.Milliseconds(checks.Between(2, 20)), SimChecks.Milliseconds(900)), SimChecks.Target(id));
                }

                checks.Clock.Run(SimChecks.Milliseconds(checks.Between(100, 500)));
            }

            checks.Finish();
            checks.AssertExact();
            var ledger = checks.Host.Ledger;
            Assert.True(ledger.Astray > 10, $"seed {seed}: no answer came too late for its probe");
            Assert.Equal(ledger.Astray, ledger.Strays.Count + ledger.Lives.Sum(l => l.CountOf(PingOutcome.Unknown)));
        }
    }

    [Fact]
    public void A_storm_of_reloads_leaves_nothing_behind()
    {
        var checks = Start(seed: 1);
        checks.Host.Add(1, SimChecks.Settings(CheckKind.UdpPing, SimChecks.Milliseconds(25), Duration.FromSeconds(1)), SimChecks.Target(1));
        for (var i = 0; i < 200; i++)
        {
            var first = 2 + (i * 100);
            for (var id = first; id < first + 100; id++)
            {
                checks.Host.Add(id, ExactnessTests.AnySettings(checks), SimChecks.Target(checks.Between(1, Targets)));
            }

            checks.Clock.Run(SimChecks.Milliseconds(checks.Between(1, 400)));
            for (var id = first; id < first + 100; id++)
            {
                checks.Host.Remove(id);
            }
        }

        checks.Clock.Run(Duration.FromSeconds(60));
        checks.Finish();
        checks.AssertExact();
        checks.AssertGrid(checks.Host.Ledger[1]);
        Assert.Equal((1, 1, 0), (checks.Host.Node.Count, checks.Host.Channels.Count(), checks.Host.Dialing));
        Assert.Equal(20_001, checks.Host.Ledger.Lives.Count);
    }

    private static SimChecks Start(int seed)
    {
        var checks = new SimChecks(seed);
        for (var i = 1; i <= Targets; i++)
        {
            checks.Reflect(i);
            var delay = new DatagramFaults { Delay = SimChecks.Milliseconds(checks.Between(1, 200)), Jitter = SimChecks.Milliseconds(30) };
            checks.SetFaults(SimChecks.Target(i), delay, delay);
        }

        return checks;
    }

    private static ProbeSettings Pings(SimChecks checks) => SimChecks.Settings(
        checks.Random.Below(3) == 0 ? CheckKind.Icmp : CheckKind.UdpPing, SimChecks.Milliseconds(checks.Between(1, 60)), SimChecks.Milliseconds(checks.Between(50, 800)));

    /// <summary>Others come, change, move and go for some seconds.</summary>
    /// <returns>The highest number that was given.</returns>
    private static int Churn(SimChecks checks, int staying)
    {
        var lastId = staying;
        var others = new List<int>();
        for (var i = 0; i < 150; i++)
        {
            var choice = checks.Random.Below(5);
            if (choice <= 1 || others.Count == 0)
            {
                others.Add(++lastId);
                checks.Host.Add(lastId, Pings(checks), checks.Random.Below(5) == 0 ? null : SimChecks.Target(checks.Between(1, Targets)));
            }
            else
            {
                Disturb(checks, others, choice);
            }

            checks.Clock.Run(SimChecks.Milliseconds(checks.Random.Below(60)));
        }

        return lastId;
    }

    private static void Disturb(SimChecks checks, List<int> others, int choice)
    {
        var at = checks.Random.Below(others.Count);
        var id = others[at];
        switch (choice)
        {
            case 2:
                checks.Host.SetTarget(id, checks.Random.Below(4) == 0 ? null : SimChecks.Target(checks.Between(1, Targets)));
                break;
            case 3:
                checks.Host.Remove(id);
                others.RemoveAt(at);
                break;
            default:
                // Other packets under the same number, as the agent does it.
                checks.Host.Remove(id);
                checks.Host.Add(id, Pings(checks), SimChecks.Target(checks.Between(1, Targets)));
                break;
        }
    }
}
