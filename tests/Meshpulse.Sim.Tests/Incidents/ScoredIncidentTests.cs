using Meshpulse.Sim.Incidents;

namespace Meshpulse.Sim.Tests.Incidents;

/// <summary>Every kind of incident, with fixed seeds: found, named right by every agent that can know, and nothing else said by anybody.</summary>
public sealed class ScoredIncidentTests
{
    private const int SeedsPerKind = 3;

    public static TheoryData<string> Kinds => [.. IncidentCatalogue.Names];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Is_named_right_by_all_and_nobody_is_blamed_wrongly(string kind)
    {
        for (var seed = 1ul; seed <= SeedsPerKind; seed++)
        {
            var score = Assert.Single(new IncidentRun(kind, seed, nodes: 8).Play());
            Assert.True(score.IsPerfect, Told(score));
        }
    }

    /// <summary>A part of a mesh that was named before all of it was silent, and overtaking that was called congestion as well.</summary>
    [Theory]
    [InlineData("mesh.partitioned", 200_069)]
    [InlineData("mesh.partitioned", 300_034)]
    [InlineData("path.reordering", 500_062)]
    public void What_was_called_something_else_once_is_not_again(string kind, ulong seed)
    {
        var score = Assert.Single(new IncidentRun(kind, seed, nodes: 8).Play());
        Assert.True(score.IsPerfect, Told(score));
    }

    /// <summary>Not every pair of kinds, but each of these seeds draws another one.</summary>
    [Theory]
    [InlineData("host.process_gone", 300_016)]
    [InlineData("clock.step", 300_017)]
    [InlineData("path.loss", 300_020)]
    [InlineData("path.blackhole", 300_021)]
    [InlineData("path.latency", 300_023)]
    [InlineData("node.uplink", 300_031)]
    [InlineData("datacenter.down", 300_032)]
    [InlineData("datacenter.path", 300_033)]
    public void Two_at_once_are_both_named_right_and_nothing_else_is_said(string kind, ulong seed)
    {
        var scores = new IncidentRun(kind, seed, nodes: 8, Company.TwoAtOnce).Play();
        Assert.Equal(2, scores.Count);
        Assert.All(scores, s => Assert.True(s.IsPerfect, Told(s)));
    }

    /// <summary>It blames nobody but itself, and the others name what happens elsewhere.</summary>
    [Theory]
    [InlineData("calm", 400_000)]
    [InlineData("host.process_gone", 400_012)]
    [InlineData("path.loss", 400_020)]
    [InlineData("path.blackhole", 400_021)]
    [InlineData("node.uplink", 400_031)]
    [InlineData("datacenter.path", 400_033)]
    public void Beside_a_sick_observer_it_is_named_right_and_nothing_else_is_said(string kind, ulong seed)
    {
        var score = Assert.Single(new IncidentRun(kind, seed, nodes: 8, Company.SickObserver).Play());
        Assert.True(score.IsPerfect, Told(score));
    }

    private static string Told(IncidentScore score) =>
        $"{score.Name}, seed {score.Seed}, {score.Text}: expected {score.Expected}; not named by {string.Join(' ', score.Knowers.Where(k => k.After is null).Select(k => k.Node))}; said {string.Join("; ", score.Wrong)}";
}
