using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Sim.Machines;

namespace Meshpulse.Sim.Tests.Machines;

/// <summary>What holds up a machine is seen by its peers as silence, by itself as its own, and its vitals say why.</summary>
public sealed class MachineTests
{
    private readonly World _world = Worlds.Formed(4, seed: 5);

    [Theory]
    [InlineData(StallCause.Frozen)]
    [InlineData(StallCause.MachineFrozen)]
    public void A_freeze_is_silence_to_the_others_whose_kernel_acknowledges_only_where_the_process_alone_stands(StallCause cause)
    {
        _world.Machines[1].Hold(cause, Duration.FromSeconds(2));
        _world.Run(Duration.FromMilliseconds(1_900));
        var peer = Worlds.Peer(Worlds.Recent(_world, 0, 1)[0], 1);
        Assert.InRange(peer.Silence.Seconds, 1.4, 1.9);
        Assert.Equal(cause == StallCause.MachineFrozen, Assert.Single(peer.Gaps).Transport!.Value.Unacknowledged > 1);
        _world.Run(Duration.FromSeconds(1));
        // It slept itself, and blames nobody: what its kernel took was there when it woke; where that slept too, TCP waits on, and the gap says whose it is.
        var own = Worlds.Recent(_world, 1, 6);
        Assert.Contains(own, s => s.WakeLateness > Duration.FromMilliseconds(1_800));
        Assert.All(own.SelectMany(s => s.Peers), p => Assert.True(
            p.Silence < Duration.FromMilliseconds(10) || (cause == StallCause.MachineFrozen && p.Gaps[^1] is { HasEnded: false }), $"{p}"));
        Assert.All(own.SelectMany(s => s.Peers).SelectMany(p => p.Gaps), g => Assert.True(g.OwnStall * 2 > g.Length, $"{g}"));
        Assert.InRange(own.Max(s => s.Host!.Frozen.Milliseconds), 1_900, 2_001);
    }

    [Fact]
    public void Each_cause_has_its_own_vitals()
    {
        Seen(StallCause.CpuContention, h => h.AllCpus!.Value.Load > 0.95 && h.ProbingRunQueueDelay > Duration.FromMilliseconds(20) && h.Pressure.Cpu!.Value.Some > h.Length / 2);
        Seen(StallCause.CpuThrottled, h => h.Cgroup is { ThrottledPeriods: > 0 } c && c.ThrottledTime > Duration.FromMilliseconds(40));
        Seen(StallCause.CpuSteal, h => h.AllCpus!.Value.StolenShare > 0.2);
        Seen(StallCause.IoPressure, h => h.Pressure.Io!.Value.Some > h.Length / 3 && h.ProbingRunQueueDelay < Duration.FromMilliseconds(2));
        Seen(StallCause.MemoryPressure, h => h.Pressure.Memory!.Value.Some > h.Length / 4 && h.MajorFaults >= 20);
        Seen(StallCause.RuntimePause, h => h.RuntimePauses > Duration.FromMilliseconds(50));
        Seen(StallCause.PowerSave, h => h is { Power.Governor: "powersave", Frozen: { Nanoseconds: 0 } } && h.Stalls.Count > 10 && h.Stalls.Max(s => s.Length) < Duration.FromMilliseconds(11));
        Seen(StallCause.Unknown, h => h.Stalls.Count > 0 && h.Frozen == Duration.Zero && h.ProbingRunQueueDelay < Duration.FromMilliseconds(2) && h.AllCpus!.Value.Load < 0.6);
        _world.Machines[1].Pin();
        Seen(StallCause.Pinning, h => h is { AllowedCpuCount: 1, OnlineCpuCount: 8 } && h.AllowedCpus!.Value.Load > 0.95 && h.AllCpus!.Value.Load < 0.5);
    }

    [Fact]
    public void Receive_drops_are_counted_where_they_happen()
    {
        _world.Machines[1].SetDrops(0, 0.2);
        _world.Run(Duration.FromSeconds(5));
        Assert.True(Worlds.Recent(_world, 1, 16).Sum(s => s.Host!.Network.ReceiveDrops) > 50);
        Assert.Equal(0, Worlds.Recent(_world, 0, 16).Sum(s => s.Host!.Network.ReceiveDrops));
        Assert.True(Worlds.Recent(_world, 0, 12).Sum(s => Worlds.Peer(s, 1).Path!.Counts.Lost) > 10);
        Assert.Equal(0, Worlds.Recent(_world, 0, 12).Sum(s => Worlds.Peer(s, 2).Path!.Counts.Lost));
    }

    [Fact]
    public void A_step_of_a_clock_has_its_side_and_is_no_delay()
    {
        var by = Duration.FromMilliseconds(300);
        _world.Machines[1].Clock.Step(by);
        _world.Run(Duration.FromSeconds(3));
        var seen = Worlds.Recent(_world, 0, 12).Select(s => Worlds.Peer(s, 1).Path!).ToList();
        var step = Assert.Single(seen, p => p.Step is not null).Step!.Value;
        Assert.Equal(ClockSide.Remote, step.Side);
        Assert.InRange((step.OffsetChange - by).Abs().Milliseconds, 0, 1);
        Assert.All(seen, p => Assert.InRange(p.RoundTrip!.Value.Max.Milliseconds, 0, 5));
        Assert.Contains(Worlds.Recent(_world, 1, 12), s => (s.Host!.ClockStep - by).Abs() < Duration.FromMilliseconds(1));
        Assert.Contains(Worlds.Recent(_world, 1, 12), s => Worlds.Peer(s, 0).Path!.Step?.Side == ClockSide.Local);
        Assert.All(Worlds.Recent(_world, 0, 12), s => Assert.Equal(Duration.Zero, s.Host!.ClockStep));
    }

    [Fact]
    public void A_clock_that_drifts_leaves_the_others_behind()
    {
        var before = Middle();
        _world.Machines[1].Clock.DriftPpm = 400;
        _world.Run(Duration.FromSeconds(20));
        Assert.InRange((Middle() - before).Milliseconds, 7, 9);

        Duration Middle() => Worlds.Peer(Worlds.Recent(_world, 0, 1)[0], 1).Path!.Offset.Middle!.Value;
    }

    [Fact]
    public void Who_leaves_says_so_and_who_begins_anew_has_another_run()
    {
        var run = Worlds.Recent(_world, 1, 1)[0].Run;
        var agent = _world.Machines[1].Agent!;
        _world.Machines[1].Leave();
        _world.Run(Duration.FromSeconds(2));
        Assert.True(agent.Slices[^1].IsLeaving);
        Assert.Null(_world.Machines[1].Agent);
        _world.Machines[1].Start();
        _world.Run(Duration.FromSeconds(4));
        Assert.NotEqual(run, Worlds.Recent(_world, 1, 1)[0].Run);
        Assert.True(_world.IsWhole);
    }

    /// <summary>Holds up the machine for two seconds, and then looks for a window that says so, and for none that does where nothing is wrong.</summary>
    private void Seen(StallCause cause, Func<HostWindow, bool> says)
    {
        _world.Run(Duration.FromSeconds(3));
        Assert.False(Worlds.Recent(_world, 1, 4).Any(s => says(s.Host!)), $"{cause} is seen where all is well");
        _world.Machines[1].Hold(cause, Duration.FromSeconds(2));
        _world.Run(Duration.FromSeconds(3));
        Assert.True(Worlds.Recent(_world, 1, 12).Any(s => says(s.Host!)), $"{cause} is not seen");
        Assert.False(Worlds.Recent(_world, 0, 12).Any(s => says(s.Host!)), $"{cause} is seen by another machine");
    }
}
