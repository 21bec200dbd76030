using System.Globalization;
using Meshpulse.Core.Time;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Verdicts;

/// <summary>
/// What is wrong between two nodes: everybody says so, of the right direction, and of nothing else. Each has a pair of its own: what comes back on the same
/// pair within half a minute is the same incident.
/// </summary>
public sealed class PathTests(FormedMesh formed) : IClassFixture<FormedMesh>
{
    private const ulong Seed = 5_105;

    [Fact]
    public async Task Random_loss_of_one_direction()
    {
        var mesh = await formed.ReadyAsync();
        await HealedAsync(mesh, 0, 1, new Claim("path.loss", Path(mesh, 0, 1)), new Fault { Drop = Pick.Chance(0.08, Seed) });
    }

    [Fact]
    public async Task A_longer_way_in_one_direction_for_as_long_as_it_lasts()
    {
        var mesh = await formed.ReadyAsync();
        var latency = new Claim("path.latency", Path(mesh, 2, 3));
        mesh.Wire(2, 3).Set(new Fault { Delay = Duration.FromMilliseconds(20) });
        await mesh.Said.UntilAsync(mesh.Everybody, latency);
        // Longer than clocks remember how they were compared.
        await mesh.PassAsync(14, heard: 3);
        mesh.Said.AssertNeverEnded(latency);
        await HealedAsync(mesh, 2, 3, latency);
    }

    [Fact]
    public async Task A_black_hole_in_one_direction()
    {
        var mesh = await formed.ReadyAsync();
        var (there, both) = (new Claim("path.blackhole", Path(mesh, 0, 2)), new Claim("path.blackhole", $"{mesh.Name(0)} <-> {mesh.Name(2)}"));
        mesh.Wire(0, 2).Set(new Fault { Drop = Pick.All });
        await mesh.Said.UntilAsync(mesh.AllBut(2), there);
        // Who gets nothing from the other, not even its word, can't know of the way there.
        await mesh.Said.UntilAsync([mesh.Name(2)], there, both);
        mesh.Said.AssertNobody(mesh.AllBut(2), both);
        await HealedAsync(mesh, 0, 2, [there, both]);
        mesh.Said.AssertNobody(mesh.AllBut(2), both);
    }

    [Fact]
    public async Task Two_flows_lost_in_one_direction()
    {
        var mesh = await formed.ReadyAsync();
        NthFlow[] flows = [new(Place.Port, 1), new(Place.Port, 4)];
        mesh.Wire(1, 3).Set(flows.Select(flow => new Fault { Of = frame => frame.DestinationPort == Place.Port && flow.Is(frame), Drop = Pick.All }));
        await mesh.Said.UntilAsync(mesh.Everybody, new Claim("path.flow_loss", Path(mesh, 1, 3)));
        List<string> ports = [.. flows.Select(flow => flow.Port).Order().Select(p => p.ToString(CultureInfo.InvariantCulture))];
        Claim Of(string which) => new("path.flow_loss", $"{Path(mesh, 1, 3)}, source {which}");
        var both = Of($"ports {string.Join(' ', ports)}");
        await mesh.Said.UntilAsync(mesh.Everybody, both);
        // One may be noticed before the other.
        await HealedAsync(mesh, 1, 3, [both, .. ports.Select(port => Of($"port {port}"))]);
    }

    [Fact]
    public async Task Large_packets_lost_in_one_direction()
    {
        var mesh = await formed.ReadyAsync();
        await HealedAsync(mesh, 3, 0, new Claim("path.mtu", Path(mesh, 3, 0)), new Fault { Drop = Pick.LongerThan(1_400) });
    }

    [Fact]
    public async Task A_full_link_in_one_direction()
    {
        var mesh = await formed.ReadyAsync();
        var path = Path(mesh, 1, 2);
        var (congestion, latency, jitter) = (new Claim("path.congestion", path), new Claim("path.latency", path), new Claim("path.jitter", path));
        // In the network: what waits in the sender's own queue has not left yet by its kernel's stamp.
        mesh.Wire(1, 2).Set(new Fault { BitsPerSecond = 2_000_000, Queue = Duration.FromMilliseconds(100) });
        using (await Overload.BeginAsync(mesh.Lab.Hosts[1], mesh.Lab.Hosts[2]))
        {
            await mesh.Said.UntilAsync(mesh.Everybody, congestion);
        }

        // While it fills and drains there is nothing but delay that varies.
        await HealedAsync(mesh, 1, 2, [congestion, latency, jitter]);
    }

    /// <summary>Waits until all say it, undoes it, and looks that nothing else was said when all is well again.</summary>
    private static async Task HealedAsync(JudgingMesh mesh, int from, int to, Claim claim, params Fault[] faults)
    {
        if (faults.Length > 0)
        {
            mesh.Wire(from, to).Set(faults);
        }

        await mesh.Said.UntilAsync(mesh.Everybody, claim);
        await HealedAsync(mesh, from, to, [claim]);
    }

    private static async Task HealedAsync(JudgingMesh mesh, int from, int to, Claim[] claims)
    {
        mesh.Wire(from, to).Set();
        await mesh.HealAsync();
        mesh.Said.AssertNothingBut(claims);
    }

    private static string Path(JudgingMesh mesh, int from, int to) => $"{mesh.Name(from)} -> {mesh.Name(to)}";
}
