using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Probing.Paths;

public class FlowWatchTests
{
    private static readonly Duration s_second = Duration.FromSeconds(1);

    [Fact]
    public void Two_of_sixteen_are_found_within_five_seconds_and_let_go_when_they_get_through()
    {
        var world = new PathWorld(new PathSettings { Flows = 16 });
        world.Run(s_second * 5);
        Assert.Empty(world.Watch.Dead);
        world.Loses = static (flow, isForward, _) => isForward && flow is 3 or 11;
        world.Run(s_second * 5);
        Assert.Equal([3, 11], world.Watch.Dead);
        world.Loses = static (_, _, _) => false;
        world.Run(s_second * 4);
        Assert.Empty(world.Watch.Dead);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void No_outage_of_the_whole_path_looks_like_that_of_some_flows(int windowsPerSecond)
    {
        for (var begin = 0; begin < 2_000; begin += 83)
        {
            for (var length = 100; length < 7_000; length += 977)
            {
                var world = new PathWorld(new PathSettings { Flows = 8, Interval = Duration.FromMilliseconds(25), Window = s_second / windowsPerSecond });
                var from = new MonoTime(4_000_000_000 + (begin * 1_000_000L));
                var until = from + Duration.FromMilliseconds(length);
                world.Loses = (_, _, _) => world.Now >= from && world.Now < until;
                for (var second = 0; second < 16; second++)
                {
                    world.Run(s_second);
                    Assert.True(world.Watch.Dead.Count == 0, $"from {begin} for {length} ms: {string.Join(' ', world.Watch.Dead)}");
                }
            }
        }
    }

    [Fact]
    public void Slow_flows_are_watched_for_as_long_as_they_need()
    {
        var world = new PathWorld(new PathSettings { Flows = 8, Interval = Duration.FromMilliseconds(500) });
        world.Loses = static (flow, _, _) => flow == 2;
        world.Run(s_second * 30);
        Assert.Equal([2], world.Watch.Dead);
    }

    [Fact]
    public void A_flow_whose_replies_our_own_queue_drops_is_not_called_dead()
    {
        var world = new PathWorld(new PathSettings { Flows = 16 });
        world.Run(s_second * 3);
        world.Loses = (flow, isForward, _) => !isForward && flow == 5 && world.Drop(flow);
        world.Run(s_second * 10);
        Assert.Equal(world.LostBackward, world.Drops[5]);
        Assert.True(world.Windows[^1].Flows[5] is { Answered: 0, ReceiveDrops: > 0 }, world.ToString());
        Assert.Empty(world.Watch.Dead);
        // From here on it is the network.
        world.Loses = (flow, _, _) => flow == 5;
        world.Run(s_second * 7);
        Assert.Equal([5], world.Watch.Dead);
    }

    [Fact]
    public void Where_all_are_dead_or_loss_is_by_chance_nobody_is_named()
    {
        var all = new PathWorld(new PathSettings());
        all.Run(s_second * 3);
        all.Loses = static (_, _, _) => true;
        all.Run(s_second * 20);
        Assert.Empty(all.Watch.Dead);

        var chance = new PathWorld(new PathSettings(), seed: 7);
        chance.Loses = (_, isForward, _) => isForward && chance.Random.NextDouble() < 0.3;
        for (var second = 0; second < 60; second++)
        {
            chance.Run(s_second);
            Assert.Empty(chance.Watch.Dead);
        }
    }
}
