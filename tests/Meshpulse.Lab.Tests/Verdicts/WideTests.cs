using Meshpulse.Core.Time;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Verdicts;

/// <summary>What is wrong with more than one path: said once, by everybody, of what they have in common.</summary>
public sealed class WideTests(FormedMesh formed) : IClassFixture<FormedMesh>
{
    private const ulong Seed = 5_205;

    [Fact]
    public async Task Loss_on_all_that_one_node_sends_and_receives()
    {
        var mesh = await formed.ReadyAsync();
        await OfUplinkAsync(mesh, 1, new Fault { Drop = Pick.Chance(0.1, Seed) });
    }

    [Fact]
    public async Task Delay_on_all_that_one_node_sends_and_receives()
    {
        var mesh = await formed.ReadyAsync();
        await OfUplinkAsync(mesh, 2, new Fault { Delay = Duration.FromMilliseconds(15) });
    }

    [Fact]
    public async Task A_node_that_is_cut_off()
    {
        var mesh = await formed.ReadyAsync();
        var (gone, uplink) = (new Claim("host.gone", mesh.Name(3)), new Claim("node.uplink", mesh.Name(3)));
        mesh.SetPort(3, new Fault { Drop = Pick.All });
        // From outside it is gone; it says itself that it runs and hears nobody.
        await mesh.Said.UntilAsync(mesh.AllBut(3), gone, uplink);
        await mesh.Said.UntilAsync([mesh.Name(3)], uplink);
        await mesh.PassAsync(3, heard: 2);
        mesh.SetPort(3);
        await mesh.Said.UntilAsync(mesh.Everybody, uplink);
        await mesh.HealAsync();
        mesh.Said.AssertNothingBut(gone, uplink);
        mesh.Said.AssertNobody([mesh.Name(3)], gone);
    }

    [Fact]
    public async Task Parts_that_do_not_hear_each_other()
    {
        var mesh = await formed.ReadyAsync();
        var parts = new Claim("mesh.partitioned", $"{mesh.Name(0)} {mesh.Name(1)} | {mesh.Name(2)} {mesh.Name(3)}");
        mesh.SetBetween([0, 1], [2, 3], new Fault { Drop = Pick.All });
        await mesh.Said.UntilAsync(mesh.Everybody, parts);
        mesh.SetBetween([0, 1], [2, 3]);
        await mesh.HealAsync();
        mesh.Said.AssertNothingBut(parts);
    }

    private static async Task OfUplinkAsync(JudgingMesh mesh, int node, Fault fault)
    {
        var uplink = new Claim("node.uplink", mesh.Name(node));
        mesh.SetPort(node, fault);
        await mesh.Said.UntilAsync(mesh.Everybody, uplink);
        mesh.SetPort(node);
        await mesh.HealAsync();
        // Where the switch itself stood still for a moment the paths are not bad at once: the first may be said before the rest is known, of this node alone.
        mesh.Said.AssertNothingBut([uplink, .. mesh.Everybody.Where(n => n != mesh.Name(node)).SelectMany(n => SinglePaths(mesh.Name(node), n))]);
    }

    private static IEnumerable<Claim> SinglePaths(string node, string other) =>
        from place in new[] { $"{node} -> {other}", $"{other} -> {node}", $"{node} <-> {other}", $"{other} <-> {node}" }
        from what in new[] { "path.loss", "path.latency", "path.congestion" }
        select new Claim(what, place);
}
