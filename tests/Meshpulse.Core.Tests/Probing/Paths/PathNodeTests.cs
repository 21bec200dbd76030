using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Tests.Probing.Paths;

public class PathNodeTests
{
    private static readonly Duration s_second = Duration.FromSeconds(1);

    /// <summary>EADDRNOTAVAIL.</summary>
    private static ProbeSend NoAddress => new(ProbeSendOutcome.Refused, 99);

    [Fact]
    public void All_is_answered_where_nothing_is_lost_and_every_window_says_so()
    {
        var world = new PathWorld(new PathSettings());
        world.Run(s_second * 11);
        var counts = world.Meter.Counts;
        Assert.Equal(0, counts.Lost + counts.Late + counts.Duplicates + counts.Unsent + counts.Strays + counts.Corrupted + world.Strays);
        Assert.InRange(counts.Sent - counts.Answered, 0, 1);
        Assert.Equal(10, world.Windows.Count(w => w.Counts.Sent is 39 or 40 or 41 && w.Length == s_second));
        Assert.All(world.Windows[1..], w => Assert.All(w.Flows, f => Assert.InRange(f.Sent, 4u, 6u)));
        Assert.Equal(8, world.Windows[^1].Flows.Select(f => f.SourcePort).Distinct().Count());
        Assert.Equal((61, 60, (byte?)0), (world.Windows[^1].BackwardHopLimit.Last!.Value, world.Windows[^1].ForwardHopLimit.Last!.Value, world.Windows[^1].SeenDscp.Last));
    }

    [Fact]
    public void Windows_are_as_long_as_they_are_to_be_and_end_at_whole_multiples()
    {
        var quarter = Duration.FromMilliseconds(250);
        var world = new PathWorld(new PathSettings { Window = quarter });
        world.Run((s_second * 5) + (quarter / 2));
        Assert.Equal(20, world.Windows.Count);
        Assert.All(world.Windows, w => Assert.Equal(quarter, w.Length));
        Assert.All(world.Windows, w => Assert.Equal(0, w.Until.Nanoseconds % quarter.Nanoseconds));
        Assert.All(world.Windows[1..], w => Assert.InRange(w.Counts.Sent, 9, 11));
    }

    [Fact]
    public void Silence_begins_with_the_first_probe_that_nobody_answers_and_ends_with_an_answer()
    {
        var world = new PathWorld(new PathSettings { Window = PathSettings.WindowStep });
        world.Run(s_second * 2);
        Assert.All(world.Moments, m => Assert.InRange(m.Silence.Milliseconds, 0, 3));
        var from = world.Now;
        world.Loses = (_, _, _) => world.Now < from + s_second;
        world.Run(s_second);
        Assert.InRange((world.Moments[^1].Until - from - world.Moments[^1].Silence).Milliseconds, 0, 25);
        world.Run(s_second);
        Assert.InRange(world.Moments[^1].Silence.Milliseconds, 0, 3);
    }

    [Fact]
    public void Who_slept_himself_does_not_call_the_path_silent()
    {
        var world = new PathWorld(new PathSettings { Window = PathSettings.WindowStep });
        world.Run(s_second * 2);
        world.Run((s_second * 3) + new Duration(1), asleep: true);
        world.Run(PathSettings.WindowStep * 2);
        Assert.All(world.Moments, m => Assert.InRange(m.Silence.Milliseconds, 0, 3));
    }

    [Theory]
    [InlineData(0.001, 0)]
    [InlineData(0.01, 0)]
    [InlineData(0.1, 0)]
    [InlineData(0, 0.001)]
    [InlineData(0, 0.01)]
    [InlineData(0, 0.1)]
    [InlineData(0.05, 0.05)]
    public void Losses_are_told_in_their_direction_to_the_packet(double there, double back)
    {
        for (var seed = 1ul; seed <= 5; seed++)
        {
            var world = new PathWorld(new PathSettings { Interval = Duration.FromMilliseconds(5) }, seed);
            // The last packets of each flow are to be answered: what follows the last reply nobody can know.
            world.Loses = (_, isForward, _) => world.Now < new MonoTime(31_000_000_000) && world.Random.NextDouble() < (isForward ? there : back);
            world.Run(s_second * 35);
            var counts = world.Meter.Counts;
            Assert.True(
                (counts.LostForward, counts.LostBackward, counts.LostUnknown) == (world.LostForward, world.LostBackward, 0), $"seed {seed}: {world}");
            Assert.True(world.LostForward + world.LostBackward > 0, $"seed {seed}");
            Assert.Equal(world.LostForward + world.LostBackward, world.Decisions.Count(d => d.Outcome == PingOutcome.Lost));
        }
    }

    [Fact]
    public void What_our_own_queues_dropped_stands_beside_the_losses_of_the_same_second_or_before()
    {
        for (var seed = 1ul; seed <= 20; seed++)
        {
            var world = new PathWorld(new PathSettings { Interval = Duration.FromMilliseconds(5) }, seed);
            // What they dropped before the path's flows used them is not the path's; and the kernel's count wraps.
            Array.Fill(world.Drops, uint.MaxValue - 2);
            world.Node.SetTarget(1, null);
            world.Node.SetTarget(1, PathWorld.Reflector);
            world.Loses = (flow, isForward, _) =>
                !isForward && world.Now < new MonoTime(20_000_000_000) && world.Random.NextDouble() < 0.05 && world.Drop(flow);
            world.Run(s_second * 25);
            var counts = world.Meter.Counts;
            Assert.True((world.LostBackward, counts.LostForward, counts.LostUnknown) == (counts.LostBackward, 0, 0), $"seed {seed}: {world}");
            Assert.True(world.LostBackward == counts.ReceiveDrops && counts.ReceiveDrops > 100, $"seed {seed}: {counts.ReceiveDrops}, {world}");
            var (dropped, lost) = (0L, 0L);
            foreach (var window in world.Windows)
            {
                (dropped, lost) = (dropped + window.Counts.ReceiveDrops, lost + window.Counts.Lost);
                Assert.True(lost <= dropped, $"seed {seed}: {lost} lost, {dropped} dropped by then");
                Assert.Equal(window.Counts.ReceiveDrops, window.Flows.Sum(f => f.ReceiveDrops));
            }
        }
    }

    [Fact]
    public void Two_flows_of_sixteen_that_lose_everything_are_named_and_the_others_lose_nothing()
    {
        var world = new PathWorld(new PathSettings { Flows = 16, Interval = Duration.FromMilliseconds(10) });
        world.Loses = (flow, isForward, _) => isForward && flow is 3 or 11;
        world.Run(s_second * 10);
        var flows = world.Windows[^1].Flows;
        Assert.Equal([3, 11], Enumerable.Range(0, 16).Where(i => flows[i] is { Answered: 0, Sent: > 0 }));
        Assert.All(Enumerable.Range(0, 16).Except([3, 11]), i => Assert.Equal(0u, flows[i].LostForward + flows[i].LostBackward + flows[i].LostUnknown));
        // Nothing ever came back by these, so that nobody knows which way it was lost.
        Assert.Equal(0, world.Meter.Counts.LostForward + world.Meter.Counts.LostBackward);
        // Less those whose timeout has not passed.
        Assert.InRange(world.Meter.Counts.LostUnknown, world.LostForward - 30, world.LostForward - 10);
    }

    [Fact]
    public void Sockets_that_cant_be_had_are_asked_for_every_five_seconds_and_what_waits_for_them_is_unsent()
    {
        var there = new MonoTime(13_500_000_000);
        var world = new PathWorld(new PathSettings(), opening: (world, channel) => world.Now < there && channel.Flow is 2 or 5 ? NoAddress : ProbeSend.Sent);
        world.Run(s_second * 11);
        Assert.Equal([2, 5], Enumerable.Range(0, 8).Where(i => world.Windows[^1].Flows[i] is { SourcePort: 0, Sent: 0, Unsent: 5 }));
        Assert.Equal([2, 5, 2, 5], world.Opens.Skip(8).Select(o => o.Channel.Flow));
        Assert.Equal([(2, 8, 99)], world.Gaps.Select(g => (g.Missing, g.Flows, g.Error)).Distinct());
        Assert.All(world.Causes, c => Assert.Equal((UnsentCause.Refused, 0), c));

        world.Run(s_second * 10);
        Assert.Equal([2, 5, 2, 5, 2, 5], world.Opens.Skip(8).Select(o => o.Channel.Flow));
        Assert.All(world.Opens.GroupBy(o => o.Channel.Flow).Where(g => g.Count() > 1).SelectMany(g => g.Zip(g.Skip(1))), pair =>
            Assert.InRange((pair.Second.At - pair.First.At).Seconds, 5, 5.1));
        // Told for each second, and once that it is over.
        Assert.Equal(world.Gaps.Count - 1, world.Gaps.FindIndex(g => g.Missing == 0));
        Assert.InRange(world.Gaps.Count, 15, 17);
        Assert.All(world.Windows[^1].Flows, f => Assert.True(f is { SourcePort: > 0, Answered: 5, Unsent: 0 }, $"{f}"));
        Assert.Equal((0, 0), (world.Meter.Counts.Lost, world.Meter.Counts.Strays));
        Assert.Equal(world.Unsent, world.Meter.Counts.Unsent);
        world.Node.Remove(1);
    }

    [Fact]
    public void A_thousand_sockets_that_cant_be_had_cost_fifty_tries_a_second_at_most_and_each_gets_its_turn()
    {
        var world = new PathWorld(new PathSettings { Flows = 1 }, opening: (_, channel) => channel.Local.IsUnspecified ? ProbeSend.Sent : NoAddress);
        for (var i = 0; i < 125; i++)
        {
            world.Node.Add(i + 2, new PathSettings { Local = NodeEndpoint.FromBytes([192, 0, 2, (byte)(i + 1)], 0) }, PathWorld.Reflector, world.Now);
        }

        Assert.Equal(1 + 1000, world.Opens.Count);
        world.Run(s_second * 30);
        var tries = world.Opens.Skip(1001).ToList();
        Assert.InRange(tries.Count, 1000, (25 * 50) + 1);
        Assert.All(tries.Zip(tries.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= Duration.FromMilliseconds(20)));
        Assert.Equal(1000, tries.Select(t => t.Channel).Distinct().Count());
        Assert.All(tries.GroupBy(t => t.Channel), g => Assert.InRange(g.Count(), 1, 2));
    }

    [Fact]
    public void A_socket_that_nobody_wants_any_more_is_not_asked_for()
    {
        var world = new PathWorld(new PathSettings(), opening: (_, _) => NoAddress);
        world.Run(s_second * 4);
        world.Node.SetTarget(1, null);
        var opens = world.Opens.Count;
        world.Run(s_second * 20);
        Assert.Equal(opens, world.Opens.Count);
        Assert.Equal(0, world.Gaps[^1].Missing);
    }

    [Fact]
    public void Who_is_on_trial_is_told_of_too_where_there_is_no_socket_to_ask_by()
    {
        var there = new MonoTime(4_000_000_000);
        var world = new PathWorld(new PathSettings { TrialInterval = s_second, Flows = 2 }, opening: (world, _) => world.Now < there ? NoAddress : ProbeSend.Sent);
        world.Run(s_second * 4);
        Assert.Equal((2, 99), (world.Gaps[^1].Missing, world.Gaps[^1].Error));
        Assert.Empty(world.Proofs);
        world.Run(s_second * 6);
        Assert.Equal([true], world.Proofs);
        Assert.Equal(0, world.Gaps[^1].Missing);
    }

    [Fact]
    public void That_the_search_for_the_mtu_has_no_socket_says_nothing_of_sizes()
    {
        var there = new MonoTime(31_000_000_000);
        var world = new PathWorld(
            new PathSettings { LargestPacket = 1500 },
            opening: (world, channel) => channel.IsWhole && world.Now < there ? NoAddress : ProbeSend.Sent);
        world.Run(s_second * 29);
        Assert.All(world.Windows, w => Assert.Equal(default, w.Mtu));
        world.Run(s_second * 30);
        Assert.Equal(new MtuFigures(1500, null), world.Windows[^1].Mtu);
    }

    [Fact]
    public void Delays_are_of_kernel_times_alone_however_long_both_programs_dawdle()
    {
        var world = new PathWorld(new PathSettings())
        {
            Forward = Duration.FromMilliseconds(5),
            Backward = Duration.FromMilliseconds(20),
            Dawdling = Duration.FromMilliseconds(3),
        };
        world.Run(s_second * 10);
        var window = world.Windows[^1];
        Assert.Equal((5_000_000L, 5_000_000L), (window.Delays.Forward.ExactMin, window.Delays.Forward.ExactMax));
        Assert.Equal((20_000_000L, 20_000_000L), (window.Delays.Backward.ExactMin, window.Delays.Backward.ExactMax));
        Assert.Equal(25_000_000, window.Delays.RoundTrip.ExactMax);
        Assert.True(window.Offset.Contains(Duration.Zero));
        Assert.Equal((window.Stamps.Exchanges, window.Stamps.Exchanges, window.Stamps.Exchanges), (window.Stamps.Send, window.Stamps.Reflector, window.Stamps.Receive));
        Assert.InRange(window.Stamps.Exchanges, 39, 41);
    }

    [Fact]
    public void A_step_of_the_reflectors_clock_is_found_within_two_seconds_and_is_no_delay()
    {
        var world = new PathWorld(new PathSettings());
        world.Run(s_second * 5);
        world.Offset = Duration.FromSeconds(3600);
        world.Run(s_second * 2);
        Assert.Equal((1L, ClockSide.Remote), (world.Meter.Steps, world.Meter.LastStep!.Value.Side));
        world.Run(s_second * 3);
        Assert.True(world.Meter.Offset.Contains(Duration.FromSeconds(3600)));
        Assert.All(world.Windows[1..], w => Assert.InRange(w.Delays.RoundTrip.ExactMax, 1, 2_000_000));
        Assert.All(world.Windows[1..], w => Assert.InRange(w.Delays.Forward.ExactMax, 0, 2_100_000));
    }

    [Fact]
    public void A_restart_of_the_reflector_is_an_epoch_and_no_loss()
    {
        var world = new PathWorld(new PathSettings());
        world.Run(s_second * 3);
        world.RestartReflector();
        world.Run(s_second * 3);
        Assert.Equal((8L, 0L), (world.Meter.Counts.Epochs, world.Meter.Counts.Lost));
    }

    [Fact]
    public void A_host_that_sleeps_has_unsent_packets_and_no_losses()
    {
        var world = new PathWorld(new PathSettings());
        world.Run(s_second * 2);
        world.Run(s_second * 3, asleep: true);
        world.Run(s_second * 5);
        var counts = world.Meter.Counts;
        Assert.Equal((0L, world.Unsent), (counts.Lost, counts.Unsent));
        Assert.InRange(counts.Unsent, 118, 121);
        Assert.InRange(counts.Sent + counts.Unsent, 10 * 40 - 10, 10 * 40);
    }

    [Fact]
    public void Packets_that_the_host_refuses_to_send_are_unsent_and_use_no_number()
    {
        var world = new PathWorld(new PathSettings());
        world.Run(s_second);
        world.Outcome = new ProbeSend(ProbeSendOutcome.Refused, 101);
        world.Run(s_second * 2);
        world.Outcome = ProbeSend.Sent;
        world.Run(s_second * 5);
        Assert.Equal((0L, world.Unsent), (world.Meter.Counts.Lost, world.Meter.Counts.Unsent));
        Assert.InRange(world.Unsent, 79, 81);
    }

    [Fact]
    public void Who_does_not_speak_it_is_asked_once_a_minute_and_nothing_of_that_counts()
    {
        var world = new PathWorld(new PathSettings { TrialInterval = Duration.FromSeconds(60) }) { Answers = false };
        world.Run(s_second * 301);
        Assert.InRange(world.Requests.Count, 5, 6);
        for (var i = 1; i < world.Requests.Count; i++)
        {
            Assert.True(world.Requests[i].At - world.Requests[i - 1].At >= Duration.FromSeconds(60));
        }

        Assert.Empty(world.Windows);
        Assert.Empty(world.Decisions);
        Assert.Empty(world.Proofs);
    }

    [Fact]
    public void The_first_answer_begins_the_probing_and_a_minute_of_silence_ends_it()
    {
        var world = new PathWorld(new PathSettings { TrialInterval = Duration.FromSeconds(60) });
        world.Run(s_second * 5);
        Assert.Equal([true], world.Proofs);
        Assert.InRange(world.Meter.Counts.Answered, 40, 200);
        Assert.Equal(0, world.Meter.Counts.Lost);

        world.Answers = false;
        world.Run(s_second * 70);
        Assert.Equal([true, false], world.Proofs);
        var lost = world.Meter.Counts.Lost;
        // A minute of forty a second, less those that were under way at its end.
        Assert.InRange(lost, 2_300, 2_401);
        var sent = world.Requests.Count;
        world.Run(s_second * 100);
        Assert.InRange(world.Requests.Count - sent, 1, 2);

        world.Answers = true;
        world.Run(s_second * 70);
        Assert.Equal([true, false, true], world.Proofs);
        // Those that were decided after the last second that was told of.
        Assert.InRange(world.Meter.Counts.Lost, lost, lost + 40);
    }

    [Fact]
    public void Sweeps_go_by_flows_of_their_own_within_the_same_budget()
    {
        var world = new PathWorld(new PathSettings { Flows = 2, DscpSweep = [46, 10] });
        world.Loses = (flow, isForward, _) => isForward && flow == 2;
        world.Run(s_second * 6);
        var window = world.Windows[^1];
        Assert.Equal([0, 0, 46, 10], window.Flows.Select(f => (int)f.Dscp));
        Assert.All(window.Flows, f => Assert.InRange(f.Sent, 9u, 11u));
        Assert.Equal((0u, 0u), (window.Flows[2].Answered, window.Flows[3].LostUnknown));
        Assert.Equal((byte)0, window.SeenDscp.Last);
    }

    [Theory]
    [InlineData(1400, 1400)]
    [InlineData(1500, 1500)]
    [InlineData(1333, 1333)]
    [InlineData(9000, 9000)]
    public void The_largest_packet_that_passes_is_found_where_nobody_says_too_big(int link, int expected)
    {
        var world = new PathWorld(new PathSettings { LargestPacket = 9000 });
        world.Loses = (_, _, length) => length + 28 > link;
        world.Run(s_second * 120);
        var mtu = world.Windows[^1].Mtu;
        Assert.Equal((expected, expected < 9000 ? expected + 1 : (int?)null), (mtu.Passing, mtu.Failing));
        Assert.Equal(0, world.Meter.Counts.Lost);
        // A few a minute once it is found.
        var since = world.Now;
        world.Run(s_second * 120);
        Assert.InRange(world.Requests.Count(r => r.At > since && r.Length > 100), 4, 10);
    }

    [Fact]
    public void A_path_that_loses_everything_says_nothing_of_sizes()
    {
        var world = new PathWorld(new PathSettings { LargestPacket = 1500 });
        world.Run(s_second * 30);
        Assert.Equal(1500, world.Windows[^1].Mtu.Passing);
        world.Loses = static (_, _, _) => true;
        world.Run(s_second * 120);
        Assert.Equal(1500, world.Windows[^1].Mtu.Passing);
        world.Loses = static (_, _, length) => length > 1300;
        world.Run(s_second * 200);
        Assert.InRange(world.Windows[^1].Mtu.Passing!.Value, 1300, 1328);
    }

    [Fact]
    public void A_search_goes_on_where_the_path_goes_elsewhere_while_a_packet_is_under_way()
    {
        var world = new PathWorld(new PathSettings { LargestPacket = 1500 });
        world.Loses = static (_, _, length) => length + 28 > 1400;
        while (!world.Requests.Any(r => r.Length > 1400))
        {
            world.Run(Duration.FromMilliseconds(10));
        }

        world.Node.SetTarget(1, null);
        world.Run(s_second);
        world.Node.SetTarget(1, PathWorld.Reflector);
        world.Run(s_second * 120);
        Assert.Equal(1400, world.Windows[^1].Mtu.Passing);
    }

    [Fact]
    public void The_interfaces_own_size_is_no_loss_and_no_unsent_packet()
    {
        var world = new PathWorld(new PathSettings { LargestPacket = 9000 }) { LargestLocal = 1500 };
        world.Run(s_second * 60);
        Assert.Equal((1500, 1501, 0L, 0L), (world.Windows[^1].Mtu.Passing, world.Windows[^1].Mtu.Failing, world.Unsent, world.Meter.Counts.Lost));
    }

    [Fact]
    public void Another_address_begins_new_sessions_and_the_counts_go_on()
    {
        var world = new PathWorld(new PathSettings());
        world.Run(s_second * 3);
        var before = world.Meter.Counts;
        world.Node.SetTarget(1, null);
        world.Run(s_second);
        world.Node.SetTarget(1, PathWorld.Reflector);
        world.Run(s_second * 3);
        var after = world.Meter.Counts;
        Assert.True(after.Sent >= before.Sent + 100 && after.Answered >= before.Answered + 100);
        Assert.Equal((0L, world.Unsent), (after.Lost, after.Unsent));
        Assert.InRange(world.Unsent, 39, 41);
        world.Node.Remove(1);
        Assert.Equal((0, MonoTime.Never), (world.Node.Count, world.Node.NextWake));
    }

    [Fact]
    public void Strangers_and_nonsense_are_counted_and_change_nothing()
    {
        var world = new PathWorld(new PathSettings());
        world.Run(s_second * 2);
        var now = PathWorld.WallOf(world.Now);
        world.Node.OnDatagram(new PathArrival(1, NodeEndpoint.FromBytes([192, 0, 2, 8], 12222), now, world.Now, true, 60), new byte[72]);
        world.Node.OnDatagram(new PathArrival(1, PathWorld.Reflector, now, world.Now, true, 60), new byte[72]);
        world.Node.OnDatagram(new PathArrival(1, PathWorld.Reflector, now, world.Now, true, 60), default);
        world.Node.OnSendStamp(ulong.MaxValue, now);
        world.Node.OnIcmpError(99, PathWorld.Reflector, 111, isTooBig: true, world.Now);
        world.Run(s_second * 2);
        Assert.Equal((3L, 2L, 0L), (world.Strays, world.Meter.Counts.Corrupted, world.Meter.Counts.Lost));
    }

    [Fact]
    public void At_high_rates_every_nth_packet_is_stamped_and_only_those_make_delays()
    {
        var world = new PathWorld(new PathSettings { Flows = 4, Interval = Duration.FromMicroseconds(300) }) { Dawdling = Duration.FromMicroseconds(50) };
        world.Node.Add(2, new PathSettings { Interval = Duration.FromMicroseconds(50), TrialInterval = Duration.FromSeconds(900) }, null, world.Now);
        world.Run(s_second * 3);
        Assert.InRange(world.Stamped, (world.Requests.Count / 3) - 10, (world.Requests.Count / 3) + 10);
        var window = world.Windows[^1];
        Assert.Equal((window.Stamps.Exchanges, 1_000_000L), (window.Stamps.Send, window.Delays.Forward.ExactMax));
        Assert.Equal((window.Stamps.Exchanges, 1_000_000L), (window.Stamps.Reflector, window.Delays.Backward.ExactMax));
        Assert.Equal(0, window.Counts.Lost);
    }

    [Fact]
    public void Two_paths_to_one_endpoint_have_lanes_and_do_not_disturb_each_other()
    {
        var world = new PathWorld(new PathSettings { Flows = 2 });
        world.Node.Add(2, new PathSettings { Flows = 2 }, PathWorld.Reflector, world.Now);
        world.Run(s_second * 3);
        Assert.Equal(0, world.Strays);
        Assert.Equal(0, world.Decisions.Count(d => d.Outcome != PingOutcome.Answered));
        world.Node.Remove(1);
        world.Node.Remove(2);
        world.Node.Remove(3);
    }

    [Fact]
    public void Authenticated_paths_measure_the_same()
    {
        Assert.True(StampKey.TryCreate([1, 2, 3, 4], out var key));
        var world = new PathWorld(new PathSettings { Keys = new StampKeyRing(key), Payload = StampForm.FullAuthenticatedLength });
        world.Loses = (_, isForward, _) => !isForward && world.Now < new MonoTime(8_000_000_000) && world.Random.NextDouble() < 0.1;
        world.Run(s_second * 12);
        Assert.Equal((0L, world.LostBackward, 0L), (world.Meter.Counts.LostForward, world.Meter.Counts.LostBackward, world.Meter.Counts.LostUnknown));
        Assert.True(world.LostBackward > 0 && world.Windows[^1].Stamps.Reflector > 0);
    }
}
