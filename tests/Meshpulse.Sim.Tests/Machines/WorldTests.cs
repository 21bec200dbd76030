using Meshpulse.Core.Time;
using Meshpulse.Sim.Incidents;
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

    [Theory]
    [InlineData("path.loss")]
    [InlineData("host.cpu_contention")]
    [InlineData("datacenter.down")]
    public void The_same_seed_gives_the_same_world_to_the_nanosecond_and_another_one_another(string kind)
    {
        var first = Story(kind, 11);
        Assert.Equal(first, Story(kind, 11));
        Assert.NotEqual(first, Story(kind, 12));
    }

    private static string Story(string kind, ulong seed)
    {
        var run = new IncidentRun(kind, seed, 6);
        _ = run.Play();
        var slices = run.World.Machines.SelectMany(m => m.Agent?.Slices ?? []).SelectMany(s => s.Peers.Select(p => $"{s.Node} {s.Number} {s.At} {s.Host!.RunQueueDelay} {p} {p.Path}"));
        return $"{run.Incident.Text} {run.World.Clock.Steps}\n{string.Join('\n', slices)}";
    }
}
