using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Machines;

namespace Meshpulse.Sim.Tests.Machines;

/// <summary>Worlds for tests, and what their agents' slices say.</summary>
internal static class Worlds
{
    /// <summary>A world whose agents know each other, and what is normal.</summary>
    public static World Formed(int nodes, ulong seed)
    {
        var world = new World(seed, new string?[nodes]);
        world.Run(Duration.FromSeconds(6));
        Assert.True(world.IsWhole, $"seed {seed}");
        return world;
    }

    /// <summary>The last slices of an agent, the newest last.</summary>
    public static IReadOnlyList<NodeSlice> Recent(World world, int machine, int count) => [.. world.Machines[machine].Agent!.Slices.TakeLast(count)];

    /// <summary>What a slice says of a peer.</summary>
    public static PeerSlice Peer(NodeSlice slice, int machine) => slice.Peers.Single(p => p.Peer == World.NameOf(machine));
}
