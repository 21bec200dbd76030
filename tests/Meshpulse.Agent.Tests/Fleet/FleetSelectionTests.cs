using System.Net;
using Meshpulse.Agent.Fleet;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Fleet;

public sealed class FleetSelectionTests
{
    [Fact]
    public void All_of_a_small_mesh_are_asked() => Assert.Equal(50, FleetSelection.Of(Peers(50), ["n3"], 7, 50, 30).Distinct().Count());

    [Theory]
    [InlineData(51)]
    [InlineData(52)]
    [InlineData(100)]
    [InlineData(1_999)]
    public void Of_a_large_one_the_suspects_and_by_turns_everybody(int count)
    {
        var peers = Peers(count);
        var suspects = Enumerable.Range(0, 40).Select(i => $"n{i}").ToList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var turn = 0; turn < count; turn++)
        {
            var chosen = FleetSelection.Of(peers, suspects, turn, 50, 30).Select(p => p.Name).ToList();
            Assert.Equal(50, chosen.Distinct().Count());
            Assert.Subset(chosen.ToHashSet(), suspects.Take(30).ToHashSet());
            seen.UnionWith(chosen);
        }

        Assert.Equal(count, seen.Count);
        Assert.Equal(50, FleetSelection.Of(peers, [], 0, 50, 30).Distinct().Count());
    }

    private static List<FleetPeer> Peers(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new FleetPeer($"n{i}", NodeEndpoint.From(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), 12_222)))];
}
