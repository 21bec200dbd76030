using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Networks;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Links;

/// <summary>Meshes between hosts: who finds whom, from which starting points.</summary>
public sealed class FormationTests
{
    [Fact]
    public async Task Calls_that_cross_leave_one_connection_per_pair()
    {
        using var lab = await NetworkLab.CreateAsync(5);
        await using var mesh = new Mesh(Place.On(lab), "-i", "2");

        // All call all while no cable is in. Then all are stopped and the cables put in: the kernels finish the calls of both
        // sides, and whoever goes on finds his own call answered and the other's waiting.
        await Task.WhenAll(lab.Hosts.Select(lab.CutAsync));
        await mesh.StartAsync(index => Enumerable.Range(0, 5).Where(other => other != index));
        await Task.WhenAll(mesh.Members.Select(member => member.MetricsAsync(page => page.Value("meshpulse_dials_total") >= 4, "does not call")));
        Send(mesh, Signal.Stop);
        await Task.WhenAll(lab.Hosts.Select(lab.RestoreAsync));
        await Task.Delay(TimeSpan.FromSeconds(2));
        Send(mesh, Signal.Continue);
        await mesh.CompleteAsync();
        await mesh.AssertOneConnectionPerPairAsync();

        // And it stays so: nobody leaves for the next reports.
        var settled = mesh.Members.Select(member => member.ReportCount).ToList();
        foreach (var (member, count) in mesh.Members.Zip(settled))
        {
            await member.ReportAsync(count + 1, report => report.Rows.Count == 4, "of four peers");
        }

        await mesh.AssertMetricsAgreeAsync();
        await mesh.AssertOneConnectionPerPairAsync();
        await mesh.StopAsync();
    }

    [Fact]
    public async Task Five_hosts_in_IPv6_know_one_another_within_two_intervals()
    {
        using var lab = await NetworkLab.CreateAsync(5);
        await using var mesh = new Mesh(Place.On(lab, v6: true), "-i", "2");
        await mesh.StartAsync(index => Enumerable.Range(0, 5).Where(other => other != index));
        await mesh.AssertSettlesWithinTwoIntervalsAsync();
        await mesh.AssertMetricsAgreeAsync();
        await mesh.AssertOneConnectionPerPairAsync();
        await mesh.StopAsync();
    }

    [Fact]
    public async Task Two_meshes_become_one_through_a_node_that_knows_both()
    {
        using var lab = await NetworkLab.CreateAsync(5);
        await using var mesh = new Mesh(Place.On(lab), "-i", "1");
        await mesh.StartAsync(0, []);
        await mesh.StartAsync(1, [0]);
        await mesh.StartAsync(2, []);
        await mesh.StartAsync(3, [2]);
        await mesh.CompleteAsync([mesh[0], mesh[1]]);
        await mesh.CompleteAsync([mesh[2], mesh[3]]);

        await mesh.StartAsync(4, [1, 3]);
        await mesh.AssertSettlesWithinTwoIntervalsAsync();
        await mesh.AssertMetricsAgreeAsync();
        await mesh.AssertOneConnectionPerPairAsync();
        await mesh.StopAsync();
    }

    [Fact]
    public async Task A_server_that_swallows_all_calls_does_no_harm()
    {
        using var lab = await NetworkLab.CreateAsync(4);
        var hole = lab.Hosts[3];
        await hole.DropAsync("meta l4proto tcp");
        await using var mesh = new Mesh([.. Place.On(lab).Take(3)], "-i", "2");
        for (var index = 0; index < 3; index++)
        {
            await mesh[index].StartAsync([hole.V4.ToString(), .. index == 0 ? Array.Empty<string>() : [mesh[0].Address]], ["-i", "2"]);
        }

        await mesh.AssertSettlesWithinTwoIntervalsAsync();
        foreach (var member in mesh.Members)
        {
            await member.EventAsync(hole.V4.ToString(), "Unable to connect to remote address. Connection timed out. Retrying");

            // Nobody waited for the answer: heartbeats came and went all the time.
            var report = await member.ReportAsync(member.ReportCount, r => r.Rows.Count == 2, "of both peers");
            Assert.All(report.Rows, row => Assert.True(row.Receive[0] < 1000, member.Process.Output.Text));
            Assert.All(report.Rows, row => Assert.True(row.Send[0] < 1000, member.Process.Output.Text));
        }

        await mesh.AssertMetricsAgreeAsync();
        await mesh.StopAsync();
    }

    [Fact]
    public async Task A_node_that_returns_unseen_takes_its_old_connection_over()
    {
        using var lab = await NetworkLab.CreateAsync(3);
        await using var mesh = new Mesh(Place.On(lab), "-i", "1", "--silence", "20");
        await mesh.FormAsync();

        // Nobody sees its death: the cable is out, and the kernel's later word of it is dropped. To the others it is silent,
        // and then somebody new calls in its name.
        var lost = mesh[2];
        foreach (var host in lab.Hosts.Take(2))
        {
            await host.DropAsync($"ip saddr {lost.Address} tcp flags & (fin | rst) != 0");
        }

        await lab.CutAsync(lab.Hosts[2]);
        lost.Process.Send(Signal.Kill);
        await lost.Process.ExitAsync();
        await lab.RestoreAsync(lab.Hosts[2]);
        Assert.Equal(2, (await mesh[0].ScrapeAsync()).Value("meshpulse_peers"));

        await mesh.StartAsync(2, [0]);
        await mesh.CompleteAsync();
        await mesh.AssertOneConnectionPerPairAsync();
        foreach (var other in mesh.Others(lost))
        {
            await other.ReportAsync(other.ReportCount, r => r.Of(lost.Address)?.Receive[0] is not null, "with heartbeats of the one that returned");
            Assert.Equal(2, (await other.ScrapeAsync()).Value("meshpulse_peers"));
        }

        await mesh.StopAsync();
    }

    private static void Send(Mesh mesh, Signal signal)
    {
        foreach (var member in mesh.Members)
        {
            member.Process.Send(signal);
        }
    }
}
