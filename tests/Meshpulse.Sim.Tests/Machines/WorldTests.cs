using Meshpulse.Core.Time;
using Meshpulse.Sim.Machines;

namespace Meshpulse.Sim.Tests.Machines;

public sealed class WorldTests
{
    private static readonly Duration s_second = Duration.FromSeconds(1);

    [Fact]
    public void In_fair_weather_everybody_is_heard_and_nothing_is_lost()
    {
        var world = new World(1, [null, null, "d1", "d2"]);
        world.Run(s_second * 6);
        Assert.True(world.IsWhole);
        foreach (var machine in world.Machines)
        {
            var slices = machine.Agent!.Slices.Skip(8).ToList();
            Assert.InRange(slices.Count, 10, 20);
            Assert.All(slices, s => Assert.Equal(3, s.Peers.Count));
            foreach (var peer in slices.SelectMany(s => s.Peers))
            {
                Assert.InRange(peer.Received, 48, 53);
                Assert.InRange(peer.Silence.Milliseconds, 0, 8);
                Assert.Empty(peer.Gaps);
                Assert.Equal((0, 0, 0), (peer.Unsent, peer.Path!.Counts.Lost, peer.Path.Counts.Reordered));
                Assert.InRange(peer.Path.Counts.Answered, 9, 11);
            }

            Assert.Equal((0, 0), machine.NetworkCounts);
        }
    }
}
