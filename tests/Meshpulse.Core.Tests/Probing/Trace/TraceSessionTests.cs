using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using static Meshpulse.Core.Tests.Probing.Trace.TraceWorld;

namespace Meshpulse.Core.Tests.Probing.Trace;

public sealed class TraceSessionTests
{
    private static readonly TraceOptions s_three = new() { Flows = 1, Rounds = 3, Interval = Duration.FromSeconds(1) };

    [Fact]
    public void Each_round_asks_each_hop_once_to_the_target_and_not_beyond()
    {
        var world = new TraceWorld(s_three) { Answer = probe => Line(probe, 4) };
        var report = world.Run();

        Assert.Equal([1, 2, 3, 4], report.Hops.Select(h => h.TimeToLive));
        Assert.All(report.Hops, h => Assert.Equal(new TraceCounts(3, 3, 0, 0, 0), h.Counts));
        Assert.Equal([false, false, false, true], report.Hops.Select(h => h.IsDestination));
        Assert.Equal(new TracePath(0, 4, true, TraceRefusal.None, 4), Assert.Single(report.Paths));
        Assert.Equal(3, report.Rounds);
        // The target answers within a millisecond, before the next probe is due.
        Assert.Equal(12, world.Sent.Count);
        Assert.Equal(4, report.AskedUpTo);
    }

    [Fact]
    public void Flows_take_turns_and_keep_their_own_paths()
    {
        var world = new TraceWorld(s_three with { Flows = 4 }) { Answer = p => p.TimeToLive == 2 ? Router(20 + (p.Flow % 2)) : Line(p, 3) };
        var report = world.Run();

        Assert.Equal([20, 21, 20, 21], report.Hops[1].Flows.Select(f => (int)f.Addresses.Single().From.ToIPAddress().GetAddressBytes()[3]));
        var turns = world.Sent.Where(s => s.Probe.TimeToLive == 1).ToList();
        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3], turns.Select(t => t.Probe.Flow));
        // A quarter of a round between two of them.
        Assert.All(turns.Zip(turns.Skip(1)), pair => Assert.Equal(Duration.FromMilliseconds(250), pair.Second.At - pair.First.At));
    }

    [Fact]
    public void A_distant_target_is_not_hit_by_all_that_was_meant_for_others()
    {
        var world = new TraceWorld(s_three with { Rounds = 1 }) { Answer = p => Line(p, 12) is { } reply ? reply with { Milliseconds = 300 } : null };
        _ = world.Run();
        Assert.InRange(world.Sent.Count(s => s.Probe.TimeToLive > 12), 0, 4);
    }

    [Fact]
    public void A_hop_that_loses_more_than_one_behind_it_limits_its_answers()
    {
        var asked = 0;
        var world = new TraceWorld(s_three with { Rounds = 10 })
        {
            Answer = p => p.TimeToLive == 2 || (p.TimeToLive == 4 && asked++ % 2 == 0) ? null : Line(p, 5),
        };
        var report = world.Run();

        Assert.Equal([false, true, false, true, false], report.Hops.Select(h => h.IsLikelyRateLimited));
        Assert.Equal([0.0, 1.0, 0.0, 0.5, 0.0], report.Hops.Select(h => h.Counts.Loss!.Value));
        Assert.Null(report.Hops[1].Delays);
        Assert.Empty(report.Hops[1].Flows[0].Addresses);
    }

    [Fact]
    public void Loss_that_all_hops_behind_share_is_not_explained_away()
    {
        var round = 0;
        var world = new TraceWorld(s_three with { Rounds = 10 })
        {
            Answer = p => (p.TimeToLive == 1 ? ++round : round) % 2 == 0 && p.TimeToLive > 1 ? null : Line(p, 4),
        };
        var report = world.Run();
        Assert.Equal([0.0, 0.5, 0.5, 0.5], report.Hops.Select(h => h.Counts.Loss!.Value));
        Assert.DoesNotContain(report.Hops, h => h.IsLikelyRateLimited);
    }

    [Fact]
    public void A_refusal_ends_the_path_until_it_is_lifted()
    {
        var isOpen = false;
        var world = new TraceWorld(s_three with { Rounds = 4 })
        {
            Answer = p => !isOpen && p.TimeToLive >= 2 ? new Reply(Address(2), TraceAnswerKind.Refused, 1) { Refusal = TraceRefusal.Prohibited } : Line(p, 4),
        };
        var shut = world.Run(world.Now + Duration.FromMilliseconds(1_500));
        Assert.Equal(new TracePath(0, 2, false, TraceRefusal.Prohibited, 2), shut.Paths[0]);
        Assert.Equal(2, shut.Hops.Count);

        isOpen = true;
        Assert.Equal(new TracePath(0, 4, true, TraceRefusal.None, 4), world.Run().Paths[0]);
    }

    [Fact]
    public void A_path_that_gets_shorter_ends_earlier()
    {
        var length = 6;
        var world = new TraceWorld(s_three with { Rounds = 4 }) { Answer = p => Line(p, length) };
        _ = world.Run(world.Now + Duration.FromMilliseconds(1_500));
        length = 3;
        Assert.Equal([1, 2, 3], world.Run().Hops.Select(h => h.TimeToLive));
    }

    [Fact]
    public void Where_nothing_answers_the_first_round_asks_all_hops_and_the_others_a_few()
    {
        var world = new TraceWorld(s_three with { MaxHops = 20 }) { Answer = p => p.TimeToLive <= 2 ? Router(p.TimeToLive) : null };
        var report = world.Run();

        Assert.Equal(20, report.AskedUpTo);
        Assert.Equal(new TracePath(0, null, false, TraceRefusal.None, 2), report.Paths[0]);
        // One beyond the last answer shows where they stop.
        Assert.Equal([1, 2, 3], report.Hops.Select(h => h.TimeToLive));
        Assert.Equal(20 + 7 + 7, world.Sent.Count);
        Assert.True(report.IsAnswered);
        Assert.False(new TraceWorld(s_three) { Answer = _ => null }.Run().IsAnswered);
    }

    [Fact]
    public void An_answer_after_the_timeout_is_late_and_teaches_the_path_all_the_same()
    {
        var world = new TraceWorld(s_three with { Rounds = 1, MaxHops = 2 }) { Answer = p => p.TimeToLive == 2 ? Target(1_500) : Router(1) };
        var report = world.Run();
        Assert.Equal(new TraceCounts(1, 0, 1, 0, 0), report.Hops[1].Counts);
        Assert.Null(report.Hops[1].Delays);
        Assert.True(report.Paths[0].IsReached);
    }

    [Fact]
    public void Only_the_first_of_several_answers_counts_and_made_up_ones_never_do()
    {
        var world = new TraceWorld(s_three) { Answer = p => Line(p, 2)! with { Copies = 3 } };
        _ = world.Run(world.Now + Duration.FromMilliseconds(1_500));
        var forged = new TraceAnswer(0, 60_000, Address(66), TraceAnswerKind.Destination, TraceRefusal.None, world.Now, 60);
        foreach (var answer in new[] { forged, forged with { Flow = 7 }, forged with { Flow = -1 }, forged with { Id = null }, forged with { Id = 1, Kind = TraceAnswerKind.None } })
        {
            world.Inject(answer);
            Assert.Equal(TraceOutcome.Unknown, world.Outcomes[^1].Outcome);
        }

        var report = world.Run();
        Assert.Equal(5, report.Unknown);
        Assert.Equal(12, report.Duplicates);
        Assert.Equal(new TraceCounts(6, 6, 0, 0, 0), report.Counts);
        Assert.DoesNotContain(report.Hops, h => h.Flows[0].Addresses.Any(a => a.From == Address(66)));
    }

    [Fact]
    public void Answers_that_name_no_probe_are_told_apart_by_sending_one_at_a_time()
    {
        // All under way at first: the path is long and slow.
        var world = new TraceWorld(s_three with { Rounds = 5 }) { Answer = p => Line(p, 8)! with { Milliseconds = 100 + p.TimeToLive, IsShort = p.TimeToLive == 3 } };
        var report = world.Run();

        Assert.True(report.IsSerial);
        Assert.InRange(report.Counts.Unattributed, 1, 5);
        Assert.Equal(report.Counts.Sent, report.Counts.Answered + report.Counts.Unattributed);
        Assert.All(report.Hops.Take(7), h => Assert.Equal(Address(h.TimeToLive), Assert.Single(h.Flows[0].Addresses).From));
        Assert.All(report.Hops, h => Assert.Equal(Duration.FromMilliseconds(100 + h.TimeToLive), h.Delays!.Best));
    }

    [Fact]
    public void One_at_a_time_means_one_at_a_time()
    {
        var world = new TraceWorld(s_three with { Flows = 2, MostUnderWay = 1 }) { Answer = p => p.TimeToLive == 2 ? null : Line(p, 4)! with { Milliseconds = 30 } };
        var report = world.Run();
        Assert.Equal([0, 1, 0, 0], report.Hops.Select(h => (int)h.Counts.Loss!.Value));
        foreach (var flow in world.Sent.GroupBy(s => s.Probe.Flow))
        {
            Assert.All(flow.Zip(flow.Skip(1)), p => Assert.True(p.Second.At - p.First.At >= Duration.FromMilliseconds(p.First.Probe.TimeToLive == 2 ? 1_000 : 30)));
        }
    }

    [Fact]
    public void What_this_host_refuses_is_not_sent_and_the_trace_ends()
    {
        var session = new TraceSession(s_three with { Flows = 2 }, new MonoTime(0));
        for (var now = session.NextWake; !session.IsOver; now = session.NextWake)
        {
            Assert.True(session.TryTakeProbe(now, out var probe));
            Assert.Equal(1, probe.TimeToLive);
            session.OnRefused(probe, now);
        }

        var report = session.Report();
        Assert.Equal((6L, 0L, 3L), (report.Unsent, report.Counts.Sent, report.Rounds));
        Assert.Empty(report.Hops);
    }

    [Fact]
    public void A_stop_waits_for_what_is_under_way()
    {
        var session = new TraceSession(s_three with { Rounds = null }, new MonoTime(0));
        Assert.True(session.TryTakeProbe(new MonoTime(0), out var probe));
        session.OnSent(probe, new MonoTime(0));
        session.Stop();
        Assert.False(session.IsOver);
        Assert.False(session.TryTakeProbe(new MonoTime(0) + Duration.FromMilliseconds(500), out _));
        Assert.Equal(new MonoTime(0) + Duration.FromSeconds(1), session.NextWake);
        session.Expire(session.NextWake);
        Assert.True(session.IsOver);
        Assert.Equal(1, session.Report().Counts.Lost);
    }

    [Fact]
    public void An_answer_in_time_that_is_read_too_late_is_no_loss()
    {
        var start = new MonoTime(0);
        var session = new TraceSession(s_three, start);
        Assert.True(session.TryTakeProbe(start, out var probe));
        session.OnSent(probe, start);
        session.Expire(start + Duration.FromSeconds(2));
        var answer = new TraceAnswer(0, probe.Id, Address(1), TraceAnswerKind.Transit, TraceRefusal.None, start + Duration.FromMilliseconds(5), 60);
        Assert.Equal(TraceOutcome.Answered, session.OnAnswer(answer));
        Assert.Equal(new TraceCounts(1, 1, 0, 0, 0), session.Report().Counts);
    }

    [Theory]
    [InlineData(0, 30, 1, 1)]
    [InlineData(65, 30, 1, 1)]
    [InlineData(1, 0, 1, 1)]
    [InlineData(1, 256, 1, 1)]
    [InlineData(1, 30, 0, 1)]
    [InlineData(1, 30, 1, 0)]
    public void Options_out_of_range_are_refused(int flows, int hops, int interval, int timeout) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TraceSession(
            new TraceOptions { Flows = flows, MaxHops = hops, Interval = new Duration(interval), Timeout = new Duration(timeout) }, default));

    /// <summary>A path of routers that ends at the target; whatever gets further is answered by it too.</summary>
    private static Reply? Line(TraceProbe probe, int length) => probe.TimeToLive >= length ? Target() : Router(probe.TimeToLive);
}
