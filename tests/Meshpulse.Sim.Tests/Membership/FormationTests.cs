using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Tests.Membership;

public class FormationTests
{
    private static readonly Duration s_twoReports = Duration.FromSeconds(4);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(20)]
    public void A_mesh_forms_from_any_connected_set_of_starting_points_in_any_order(int count)
    {
        for (var seed = 1; seed <= 25; seed++)
        {
            var mesh = new SimMesh(seed);
            // A random tree of "joins": node n names one earlier node, or an earlier node names it; started in random order.
            var servers = Enumerable.Range(0, count).Select(_ => new List<NodeEndpoint>()).ToArray();
            for (var n = 1; n < count; n++)
            {
                var other = mesh.Random.Below(n);
                var (from, to) = mesh.Random.Below(2) == 0 ? (n, other) : (other, n);
                servers[from].Add(SimMesh.Node(to));
            }

            foreach (var n in Shuffled(mesh, count))
            {
                mesh.Start(n, [.. servers[n]]);
                mesh.Clock.Run(Duration.FromMilliseconds(mesh.Random.Below(3) * 40));
            }

            AssertSettles(mesh, seed);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(20)]
    public void Nodes_that_all_call_each_other_in_the_same_instant_settle_on_one_connection_each(int count)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var mesh = new SimMesh(seed);
            var all = Enumerable.Range(0, count).Select(SimMesh.Node).ToArray();
            foreach (var n in Shuffled(mesh, count))
            {
                mesh.Start(n, all);
            }

            AssertSettles(mesh, seed);
        }
    }

    [Theory]
    [InlineData(2, 1, true)]
    [InlineData(2, 2, true)]
    [InlineData(4, 1, true)]
    [InlineData(1, 1, false)]
    [InlineData(3, 1, false)]
    public void Nodes_settle_with_originals_that_call_in_the_same_instant(int ours, int originals, bool closesDuplicates)
    {
        for (var seed = 1; seed <= 25; seed++)
        {
            var mesh = new SimMesh(seed);
            var all = Enumerable.Range(0, ours + originals).Select(SimMesh.Node).ToArray();
            foreach (var n in Shuffled(mesh, ours + originals))
            {
                // Originals take a random place in the order of identities, and one of them at most names the others:
                // among themselves they have storms that are none of ours.
                if (mesh.Originals.Count < originals && (mesh.Random.Below(ours + originals) < originals || mesh.Ours.Count == ours))
                {
                    mesh.StartOriginal(n, closesDuplicates, originals == 1 ? all : []);
                }
                else
                {
                    mesh.Start(n, all);
                }
            }

            var settled = mesh.Clock.RunUntil(mesh.IsWhole, Duration.FromSeconds(8));
            Assert.True(settled is not null, $"seed {seed}: {mesh.Describe()}");
            mesh.Clock.Run(Duration.FromSeconds(10));
            Assert.True(mesh.IsWhole(), $"seed {seed}: does not stay settled: {mesh.Describe()}");
        }
    }

    [Fact]
    public void Disjoint_meshes_merge_when_one_node_learns_of_the_other()
    {
        var mesh = new SimMesh(7);
        for (var n = 0; n < 10; n++)
        {
            mesh.Start(n, SimMesh.Node(n < 5 ? 0 : 5));
        }

        mesh.Clock.Run(s_twoReports);
        Assert.All(mesh.Ours, h => Assert.Equal(4, h.Node.PeerCount));

        mesh.Start(10, SimMesh.Node(1), SimMesh.Node(8));

        AssertSettles(mesh, 7);
    }

    [Fact]
    public void A_mesh_beyond_144_nodes_forms_whole()
    {
        var mesh = new SimMesh(3) { Ping = Duration.FromMilliseconds(200), Report = Duration.FromSeconds(10) };
        for (var n = 0; n < 200; n++)
        {
            mesh.Start(n, SimMesh.Node(0));
        }

        Assert.True(mesh.Clock.RunUntil(mesh.IsWhole, Duration.FromSeconds(20)) is not null, mesh.Describe());
    }

    [Fact]
    public void A_node_behind_a_node_with_200_peers_learns_them_all_over_several_heartbeats()
    {
        var mesh = new SimMesh(4) { Ping = Duration.FromMilliseconds(200), Report = Duration.FromSeconds(10) };
        for (var n = 0; n < 180; n++)
        {
            mesh.Start(n, SimMesh.Node(0));
        }

        Assert.NotNull(mesh.Clock.RunUntil(mesh.IsWhole, Duration.FromSeconds(20)));
        // The newcomer must hear of the rest from node 7 alone and call them itself: nobody can hear of it.
        var late = mesh.Start(mesh.Options(180) with { MaxPeers = 400 }, SimMesh.Node(7));
        Assert.True(mesh.Clock.RunUntil(() => late.Node.PeerCount == 180, Duration.FromSeconds(20)) is not null, $"{late.Node.PeerCount}");
    }

    [Fact]
    public void Lists_travel_when_they_change_and_otherwise_rarely()
    {
        var mesh = new SimMesh(5) { Report = Duration.FromSeconds(10) };
        for (var n = 0; n < 5; n++)
        {
            mesh.Start(n, SimMesh.Node(0));
        }

        mesh.Clock.Run(Duration.FromSeconds(10));
        var lists = mesh.Ours.Sum(h => h.Node.Counters.ListsRead);
        mesh.Clock.Run(Duration.FromSeconds(20));
        var refreshes = mesh.Ours.Sum(h => h.Node.Counters.ListsRead) - lists;

        // Twenty directed pairs, a refresh every five seconds: 80; and 20,000 heartbeats.
        Assert.InRange(refreshes, 40, 100);
        Assert.True(mesh.Ours.Sum(h => h.Node.Counters.HeartbeatsReceived) > 20_000);
    }

    internal static IEnumerable<int> Shuffled(SimMesh mesh, int count) => Enumerable.Range(0, count).OrderBy(_ => mesh.Random.Next()).ToArray();

    internal static void AssertSettlesWithin(SimMesh mesh, Duration limit)
    {
        Assert.True(mesh.Clock.RunUntil(mesh.IsWhole, limit) is not null, mesh.Describe());
        mesh.Clock.Run(Duration.FromSeconds(10));
        Assert.True(mesh.IsWhole(), $"does not stay: {mesh.Describe()}");
    }

    internal static void AssertSettles(SimMesh mesh, int seed)
    {
        var settled = mesh.Clock.RunUntil(mesh.IsWhole, s_twoReports);
        Assert.True(settled is not null, $"seed {seed}: {mesh.Describe()}");
        var connects = mesh.Ours.Sum(h => h.Node.Counters.Connects);
        mesh.Clock.Run(Duration.FromSeconds(10));
        Assert.True(mesh.IsWhole() && connects == mesh.Ours.Sum(h => h.Node.Counters.Connects), $"seed {seed}: flaps: {mesh.Describe()}");
        Assert.All(mesh.Ours, h => Assert.Equal(0, h.Observed.Count(MeshEventKind.PeerLeft)));
    }
}
