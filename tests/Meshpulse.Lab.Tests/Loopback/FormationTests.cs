using Meshpulse.Lab.Meshes;

namespace Meshpulse.Lab.Loopback;

/// <summary>Meshes of processes on loopback addresses: all find all, and say so in tables and metrics.</summary>
public sealed class FormationTests
{
    [Theory]
    [InlineData(3, "5")]
    [InlineData(5, "5")]
    [InlineData(20, "20")]
    public async Task All_know_all_within_two_intervals(int nodes, string ping)
    {
        // Twenty programs that begin at once on a busy machine may keep one from its first turn for longer than peers are patient by themselves.
        await using var mesh = new Mesh(Place.OnLoopback(nodes), "-i", "2", "-p", ping, "--silence", "60");
        await mesh.StartAsync();
        await mesh.AssertSettlesWithinTwoIntervalsAsync();
        await mesh.AssertMetricsAgreeAsync();
        await mesh.AssertOneConnectionPerPairAsync();
        await mesh.StopAsync();
    }

    [Fact]
    public async Task All_know_all_in_IPv6_by_their_ports()
    {
        await using var mesh = new Mesh(Place.OnLoopbackV6(3), "-i", "2");
        await mesh.StartAsync();
        await mesh.AssertSettlesWithinTwoIntervalsAsync();
        await mesh.AssertMetricsAgreeAsync();
        await mesh.StopAsync();
    }

    [Fact]
    public async Task A_chain_of_servers_is_enough()
    {
        await using var mesh = new Mesh(Place.OnLoopback(5), "-i", "1");
        await mesh.StartAsync(index => index == 4 ? [] : [index + 1]);
        await mesh.CompleteAsync();
        await mesh.StopAsync();
    }
}
