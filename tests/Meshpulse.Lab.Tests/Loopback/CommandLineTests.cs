using System.Net.Sockets;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Loopback;

/// <summary>What only a real process shows of the command line: ports, exit codes, streams, the name that it was called by.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_port_in_use_is_named(bool mesh)
    {
        var place = Place.OnLoopback(1)[0];
        var taken = mesh ? place.Identity : place.Metrics;
        using var holder = new TcpListener(taken);
        holder.Start();
        var error = await AssertRefusedAsync(taken.Address.ToString(), "-b", place.Identity.ToString(), "-m", place.Metrics.ToString());
        Assert.Contains(taken.Port.ToString(), error, StringComparison.Ordinal);
        Assert.Contains("in use", error, StringComparison.Ordinal);
    }

    [Fact]
    public Task An_address_that_is_not_local_is_named() => AssertRefusedAsync("192.0.2.7", "-b", "192.0.2.7", "-d");

    [Fact]
    public Task A_metrics_address_that_is_not_local_is_named() =>
        AssertRefusedAsync("192.0.2.7", "-b", Place.OnLoopback(1)[0].Identity.ToString(), "-m", "192.0.2.7");

    [Fact]
    public Task A_name_that_does_not_resolve_is_named() => AssertRefusedAsync("no-such-host.invalid", "-b", "no-such-host.invalid", "-d");

    [Fact]
    public async Task A_wrong_option_is_a_usage_error()
    {
        var (exit, output, error) = await NodeProcess.RunAsync("-p", "0");
        Assert.Equal(2, exit);
        Assert.Empty(output);
        AssertOneLine(error);
    }

    [Fact]
    public async Task Quiet_prints_events_and_no_tables()
    {
        await using var mesh = new Mesh(Place.OnLoopback(2), "-i", "1");
        await mesh.StartAsync(0, [], "-q");
        await mesh.StartAsync(1, [0]);
        await mesh.CompleteAsync();
        await mesh[1].ReportAsync(1, _ => true, "of the node that is not quiet");
        await mesh.StopAsync();
        Assert.Empty(mesh[0].Transcript.Reports);
        Assert.Contains("Received connection", mesh[0].Transcript.EventsOf(mesh[1].Address));
    }

    [Fact]
    public async Task Without_metrics_it_listens_on_the_mesh_port_alone()
    {
        var place = Place.OnLoopback(1)[0];
        await using var node = await NodeProcess.StartAsync(["-b", place.Identity.ToString(), "-m", place.Metrics.ToString(), "-d"]);
        await node.LineAsync(line => line.Contains("Starting meshpulse", StringComparison.Ordinal), "its start");
        Assert.Equal([Place.Port], ProcessSockets.Listening(node.Pid));
        node.Send(Signal.Interrupt);
        Assert.Equal(0, await node.ExitAsync());
        Assert.DoesNotContain("Prometheus", node.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_metrics_it_listens_on_both_ports()
    {
        var place = Place.OnLoopback(1)[0];
        await using var node = await NodeProcess.StartAsync(["-b", place.Identity.ToString(), "-m", place.Metrics.ToString()]);
        await node.LineAsync(line => line.EndsWith($"Prometheus endpoint available at http://{place.Metrics}/metrics", StringComparison.Ordinal), "its metrics");
        Assert.Equal([Place.Port, place.Metrics.Port], ProcessSockets.Listening(node.Pid));
    }

    [Fact]
    public async Task Through_a_link_it_is_meshmonitor()
    {
        var place = Place.OnLoopback(1)[0];
        var folder = Directory.CreateTempSubdirectory("meshpulse-lab-");
        try
        {
            var link = Path.Combine(folder.FullName, "meshmonitor");
            File.CreateSymbolicLink(link, NodeProcess.ProgramFile);
            await using var node = await NodeProcess.StartAsync(["-b", place.Identity.ToString(), "-d"], null, link);
            await node.LineAsync(line => line.EndsWith($"Starting meshmonitor. Binding to address {place.Identity}", StringComparison.Ordinal), "its name");
            node.Send(Signal.Terminate);
            Assert.Equal(0, await node.ExitAsync());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> AssertRefusedAsync(string named, params string[] arguments)
    {
        var (exit, output, error) = await NodeProcess.RunAsync(arguments);
        Assert.Equal(1, exit);
        Assert.Empty(output);
        Assert.Contains(named, error, StringComparison.Ordinal);
        AssertOneLine(error);
        return error;
    }

    private static void AssertOneLine(string text) => Assert.Equal(text.Length - 1, text.IndexOf('\n'));
}
