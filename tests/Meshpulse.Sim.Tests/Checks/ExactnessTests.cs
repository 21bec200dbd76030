using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Network;

namespace Meshpulse.Sim.Tests.Checks;

/// <summary>What the node says against what the network did, datagram by datagram.</summary>
public class ExactnessTests
{
    [Fact]
    public void Every_request_is_decided_once_and_as_it_was_whatever_the_network_and_the_hosts_do()
    {
        var (lost, late, duplicate, takenBack) = (0L, 0L, 0, 0);
        for (var seed = 1; seed <= 150; seed++)
        {
            var checks = new SimChecks(seed);
            var count = checks.Between(1, 8);
            for (var i = 1; i <= count; i++)
            {
                checks.Reflect(i);
                checks.SetFaults(SimChecks.Target(i), checks.AnyFaults(400), checks.AnyFaults(400));
                checks.Host.Add(i, AnySettings(checks), SimChecks.Target(i));
            }

            Trouble(checks, count);
            checks.Finish();
            checks.AssertExact();
            lost += checks.Living.Sum(l => l.Lost - l.Late);
            late += checks.Living.Sum(l => l.Late);
            duplicate += checks.Living.Sum(l => l.CountOf(PingOutcome.Duplicate));
            takenBack += checks.Living.Sum(l => l.Decisions.Count(d => d.Decision.TakesBackLoss));
            Assert.Equal(0, checks.Host.Ledger.Astray);
            Assert.Empty(checks.Host.Ledger.Strays);
        }

        // Otherwise the mixture tries less than it says.
        Assert.All([lost, late, duplicate, takenBack], n => Assert.True(n > 300, $"only {n}"));
    }

    [Fact]
    public void Latency_is_the_round_trip_to_the_nanosecond_and_loss_what_the_network_dropped()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var checks = new SimChecks(seed);
            checks.Reflect(1);
            checks.Host.Lateness = SimChecks.Milliseconds(checks.Between(0, 30));
            var there = new DatagramFaults { Delay = new Duration(checks.Random.Below(200_000_000)), Loss = 0.1 };
            var back = new DatagramFaults { Delay = new Duration(checks.Random.Below(200_000_000)), Loss = 0.1, Duplication = 0.1 };
            checks.SetFaults(SimChecks.Target(1), there, back);
            checks.Host.Add(1, SimChecks.Settings(CheckKind.UdpPing, SimChecks.Milliseconds(10), Duration.FromSeconds(1)), SimChecks.Target(1));
            checks.Clock.Run(Duration.FromSeconds(5));
            checks.Finish();

            var life = checks.Host.Ledger[1];
            checks.AssertExact();
            Assert.All(
                life.Decisions.Where(d => d.Decision.Outcome is PingOutcome.Answered),
                d => Assert.True(d.Decision.Latency == there.Delay + back.Delay, $"seed {seed}: {d.Decision.Latency}"));
            Assert.Equal((checks.Datagrams.Vanished, 0L), (life.Lost, life.Late));
            Assert.Equal(checks.Datagrams.Doubled, life.CountOf(PingOutcome.Duplicate));
            Assert.InRange(life.Lost, 30, 180);
        }
    }

    [Fact]
    public void A_host_that_refuses_counts_unsent_and_no_loss()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var checks = new SimChecks(seed);
            checks.Host.RefusesToSend = true;
            for (var i = 1; i <= 6; i++)
            {
                checks.Host.Add(i, AnySettings(checks), SimChecks.Target(i));
            }

            checks.Clock.Run(Duration.FromSeconds(5));
            checks.AssertConserved();
            Assert.All(checks.Living, l => Assert.True(l.Requests.Count == 0 && l.Lost == 0 && l.Unsent[UnsentCause.Refused] > 0, $"seed {seed}"));
        }
    }

    [Fact]
    public void Where_nobody_listens_everything_is_lost_and_an_icmp_error_is_counted_for_each()
    {
        var checks = new SimChecks(seed: 1);
        checks.Host.Add(1, SimChecks.Settings(CheckKind.UdpPing, SimChecks.Milliseconds(25), SimChecks.Milliseconds(200)), SimChecks.Target(1));
        checks.Host.Add(2, SimChecks.Settings(CheckKind.Tcp, SimChecks.Milliseconds(25), SimChecks.Milliseconds(200)), SimChecks.Target(1));
        checks.Clock.Run(Duration.FromSeconds(3));
        checks.Finish();
        checks.AssertExact();
        var (ping, connect) = (checks.Host.Ledger[1], checks.Host.Ledger[2]);
        Assert.Equal(ping.Requests.Count, ping.Lost);
        Assert.Equal(ping.Requests.Count, ping.IcmpErrors);
        Assert.Equal(connect.Requests.Count, connect.Lost);
        // A refusal decides at once.
        Assert.All(connect.Decisions, d => Assert.InRange((d.ToldAt - connect.BegunAt).Seconds, 0, 3.3));
        Assert.Equal(0, checks.Host.Dialing);
    }

    internal static ProbeSettings AnySettings(SimChecks checks) => SimChecks.Settings(
        checks.AnyKind(), SimChecks.Milliseconds(checks.Between(1, 300)), SimChecks.Milliseconds(checks.Between(50, 1_200)));

    /// <summary>Some seconds in which hosts stall and links are cut at random.</summary>
    private static void Trouble(SimChecks checks, int count)
    {
        checks.Host.Lateness = SimChecks.Milliseconds(checks.Between(0, 3) * 10);
        checks.Host.QueueLimit = checks.Random.Below(2) == 0 ? 5 : 10_000;
        for (var i = 0; i < 40; i++)
        {
            checks.Clock.Run(SimChecks.Milliseconds(checks.Between(1, 300)));
            var target = checks.Between(1, count);
            switch (checks.Random.Below(5))
            {
                case 0:
                    checks.Host.Stall(SimChecks.Milliseconds(checks.Between(1, 2_500)));
                    break;
                case 1:
                    checks.Reflectors[target - 1].Stall(SimChecks.Milliseconds(checks.Between(1, 2_000)));
                    break;
                case 2:
                    checks.Network.SetCut(SimChecks.Self, SimChecks.Target(target), cut: true);
                    break;
                case 3:
                    checks.Network.SetCut(SimChecks.Self, SimChecks.Target(target), cut: false);
                    break;
            }
        }
    }
}
