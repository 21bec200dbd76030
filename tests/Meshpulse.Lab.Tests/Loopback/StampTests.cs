using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Reports;

namespace Meshpulse.Lab.Loopback;

/// <summary>Nodes of the mesh as processes, probed by STAMP at the port of their heartbeats.</summary>
public sealed class StampTests
{
    private const int Probes = 20;

    [Fact]
    public async Task A_node_answers_the_probe_command_beside_its_heartbeats()
    {
        await using var mesh = new Mesh(Place.OnLoopback(2), "-i", "1");
        await mesh.StartAsync(0, []);
        await mesh.StartAsync(1, [0], "--no-stamp");
        await mesh.CompleteAsync();
        var (exit, output, error) = await ProbeAsync(mesh[0]);
        Assert.True(exit == 0, output + error);
        using (var summary = JsonDocument.Parse(output))
        {
            Assert.Equal(Probes, summary.RootElement.GetProperty("sent").GetInt64());
            Assert.Equal(0, summary.RootElement.GetProperty("lost_forward").GetInt64() + summary.RootElement.GetProperty("lost_backward").GetInt64());
        }

        await mesh[0].MetricsAsync(page => page.Value("meshpulse_stamp_packets_total", "decision", "answered") == Probes, "all were answered");
        await mesh[0].MetricsAsync(page => page.Value("meshpulse_stamp_reflector_up") == 1, "it is up");

        // Switched off, nobody listens there.
        Assert.Equal(1, (await ProbeAsync(mesh[1])).Exit);
        Assert.DoesNotContain("STAMP", mesh.Printed, StringComparison.Ordinal);
        await mesh.StopAsync();
    }

    [Fact]
    public async Task Without_its_port_a_node_says_so_in_a_line_and_forms_the_mesh()
    {
        var places = Place.OnLoopback(2);
        using var holder = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        holder.Bind(places[0].Identity);
        await using var mesh = new Mesh(places, "-i", "1");
        await mesh.FormAsync();
        var line = Assert.Single(mesh[0].Transcript.Events, e => e.Text.Contains("STAMP", StringComparison.Ordinal));
        Assert.Equal(("", $"STAMP is not answered at {places[0].Identity} (UDP): the port is in use by another program. It is tried again every 10 s"), (line.Address, line.Text));
        await mesh[0].MetricsAsync(page => page.Value("meshpulse_stamp_reflector_up") == 0, "it is not up");
        await mesh.StopAsync();
    }

    private static Task<(int Exit, string Output, string Error)> ProbeAsync(MeshMember member) => NodeProcess.RunAsync(
        "probe", $"{member.Place.Identity}", "-c", Probes.ToString(CultureInfo.InvariantCulture), "-i", "10", "--timeout", "500", "--json");
}
