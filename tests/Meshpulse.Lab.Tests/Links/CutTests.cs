using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Metrics;
using Meshpulse.Lab.Networks;

namespace Meshpulse.Lab.Links;

/// <summary>Cables that are pulled and put back, and paths that swallow packets.</summary>
public sealed class CutTests
{
    [Theory]
    [InlineData(3, false, "1")]
    [InlineData(5, true, "2")]
    public async Task A_short_cut_is_a_gap_and_a_long_one_the_end_until_it_heals(int hosts, bool v6, string interval)
    {
        using var lab = await NetworkLab.CreateAsync(hosts);
        await using var mesh = new Mesh(Place.On(lab, v6), "-i", interval, "-x", "--silence", "6");
        await mesh.FormAsync();
        await mesh.AssertOneConnectionPerPairAsync();
        var (cut, rest) = (mesh[1], mesh.Others(mesh[1]).ToList());
        await ShortCutAsync(lab, mesh, cut);
        Assert.All(await ScrapeAsync(mesh), page => Assert.Equal(0, page.Value("meshpulse_disconnects_total")));

        await lab.CutAsync(lab.Hosts[1]);
        foreach (var other in rest)
        {
            await other.EventAsync(cut.Address, "Closing connection - silent for too long");
            await cut.EventAsync(other.Address, "Closing connection - silent for too long");
        }

        await mesh.CompleteAsync(rest);
        await mesh.CompleteAsync([cut]);
        await lab.RestoreAsync(lab.Hosts[1]);
        await mesh.AssertSettlesWithinTwoIntervalsAsync();
        await mesh.AssertOneConnectionPerPairAsync();
        Assert.Equal(hosts - 1, (await cut.ScrapeAsync()).Value("meshpulse_disconnects_total"));
        foreach (var other in rest)
        {
            Assert.Equal(1, (await other.ScrapeAsync()).Value("meshpulse_disconnects_total"));
        }

        await mesh.StopAsync();
    }

    [Fact]
    public async Task A_pair_that_is_cut_disturbs_nobody_else()
    {
        using var lab = await NetworkLab.CreateAsync(3);
        await using var mesh = new Mesh(Place.On(lab), "-i", "1", "--silence", "4");
        await mesh.FormAsync();
        var (one, other, third) = (mesh[0], mesh[1], mesh[2]);
        var before = mesh.Members.ToDictionary(member => member, member => member.ReportCount);

        // In one direction alone: what the other node sends is lost, and so are its acknowledgements.
        await lab.Hosts[0].DropFromAsync(lab.Hosts[1].V4);
        await one.EventAsync(other.Address, "Closing connection - silent for too long");
        await one.MetricsAsync(page => page.Value("meshpulse_connected", "target", other.Address) == 0, "does not let go");
        await other.MetricsAsync(page => page.Value("meshpulse_connected", "target", one.Address) == 0, "does not let go");
        foreach (var (member, peers) in new[] { (one, new[] { third }), (other, [third]), (third, [one, other]) })
        {
            foreach (var row in member.Transcript.Reports.Skip(before[member]).SelectMany(report => peers.Select(peer => report.Of(peer.Address))))
            {
                Assert.True(row?.Receive[0] < 1000, $"{member.Address} was disturbed:\n{member.Process.Output.Text}");
            }
        }

        await lab.Hosts[0].AcceptAsync();
        await mesh.CompleteAsync();
        await mesh.AssertOneConnectionPerPairAsync();
        Assert.Equal([1, 1, 0], (await ScrapeAsync(mesh)).Select(page => page.Value("meshpulse_disconnects_total")));
        await mesh.StopAsync();
    }

    private static async Task ShortCutAsync(NetworkLab lab, Mesh mesh, MeshMember cut)
    {
        var before = mesh.Members.ToDictionary(member => member, member => member.ReportCount);
        await lab.CutAsync(lab.Hosts[1]);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await lab.RestoreAsync(lab.Hosts[1]);
        foreach (var other in mesh.Others(cut))
        {
            await other.ReportAsync(before[other], r => r.Of(cut.Address)?.Receive[0] >= 1800, "with the gap");
            await cut.ReportAsync(before[cut], r => r.Of(other.Address)?.Receive[0] >= 1800, "with the gap");
            await other.EventAsync(cut.Address, "Gap ");
        }
    }

    private static async Task<List<MetricsPage>> ScrapeAsync(Mesh mesh)
    {
        var pages = new List<MetricsPage>();
        foreach (var member in mesh.Members)
        {
            pages.Add(await member.ScrapeAsync());
        }

        return pages;
    }
}
