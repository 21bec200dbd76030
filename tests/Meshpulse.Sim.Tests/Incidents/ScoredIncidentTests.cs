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
            var score = new IncidentRun(kind, seed, nodes: 8).Play();
            Assert.True(
                score.IsPerfect,
                $"{kind}, seed {seed}, {score.Text}: expected {score.Expected}; not named by {string.Join(' ', score.Knowers.Where(k => k.After is null).Select(k => k.Node))}; said {string.Join("; ", score.Wrong)}");
        }
    }
}
