using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Verdicts;

/// <summary>What is wrong between two datacenters is theirs, and nobody's in them.</summary>
public sealed class DatacenterTests
{
    private const ulong Seed = 5_305;

    [Fact]
    public async Task Loss_between_two_datacenters_and_then_a_cut()
    {
        await using var mesh = await JudgingMesh.FormAsync(4, ["west", "west", "east", "east"]);
        var (lossy, cut) = (new Claim("datacenter.path", "datacenter west -> east"), new Claim("datacenter.path", "datacenters east <-> west"));
        foreach (var (from, to) in new[] { (0, 2), (0, 3), (1, 2), (1, 3) })
        {
            mesh.Wire(from, to).Set(new Fault { Drop = Pick.Chance(0.15, Seed) });
        }

        await mesh.Said.UntilAsync(mesh.Everybody, lossy);
        mesh.SetBetween([0, 1], [2, 3]);
        await mesh.HealAsync();
        mesh.Said.AssertNothingBut(lossy);

        mesh.Said.Forget();
        mesh.SetBetween([0, 1], [2, 3], new Fault { Drop = Pick.All });
        await mesh.Said.UntilAsync(mesh.Everybody, cut);
        mesh.SetBetween([0, 1], [2, 3]);
        await mesh.HealAsync();
        mesh.Said.AssertNothingBut(cut);
    }
}
