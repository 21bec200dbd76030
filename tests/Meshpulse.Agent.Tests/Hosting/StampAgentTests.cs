using System.Net;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Agent.Tests.Reflecting;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Whole agents, asked by STAMP beside all else that they do.</summary>
public sealed class StampAgentTests
{
    private const int Port = 12222;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_of_the_mesh_answers_at_its_own_address_and_port(bool v6)
    {
        await using var agent = await TestAgent.StartAsync(TestAgent.Defaults(v6 ? LoopbackAddresses.NextV6() : LoopbackAddresses.Next()));
        using var sender = new StampAsker(v6 ? IPAddress.IPv6Loopback : IPAddress.Parse("127.0.92.1"));
        Assert.Equal(44, sender.Ask(StampAsker.Request(7, 1), agent.Self).Length);
        Assert.Equal([agent.Self], agent.StampEndpoints);
        Assert.Empty(agent.Seen.Notes);

        var page = await PageAsync(agent.MetricsPort);
        Assert.Equal(1, Value(page, "meshpulse_stamp_reflector_up"));
        Assert.Equal(1, Value(page, "meshpulse_stamp_packets_total", "answered"));
        Assert.Equal(1, Value(page, "meshpulse_stamp_sessions"));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_and_the_mesh_goes_on_without()
    {
        var self = LoopbackAddresses.Next();
        using var holder = UdpHolder.Take(self);
        await using var agent = await TestAgent.StartAsync(TestAgent.Defaults(self));
        Assert.Equal([$"STAMP is not answered at {self} (UDP): the port is in use by another program. It is tried again every 10 s"], agent.Seen.Notes);
        Assert.Empty(agent.StampEndpoints);
        Assert.Equal(0, Value(await PageAsync(agent.MetricsPort), "meshpulse_stamp_reflector_up"));

        await using var other = await TestAgent.StartAsync(TestAgent.Defaults(LoopbackAddresses.Next()), self);
        await Eventually.TrueAsync(() => agent.IsConnectedTo(other.Self) && other.IsConnectedTo(self), () => $"{agent} {other}");
    }

    [Fact]
    public async Task Whom_the_mesh_does_not_allow_is_not_answered()
    {
        Assert.True(AddressNetwork.TryParse("127.0.92.8/32", out var network));
        await using var agent = await TestAgent.StartAsync(TestAgent.Defaults(LoopbackAddresses.Next()) with { Allow = [network] });
        using var stranger = new StampAsker(IPAddress.Parse("127.0.92.9"));
        using var friend = new StampAsker(IPAddress.Parse("127.0.92.8"));
        stranger.Send(StampAsker.Request(0, 1), agent.Self);
        _ = friend.Ask(StampAsker.Request(0, 1), agent.Self);
        Assert.False(stranger.HasMore);
        Assert.Equal(1, Value(await PageAsync(agent.MetricsPort), "meshpulse_stamp_packets_total", "not_allowed"));
    }

    [Fact]
    public async Task Switched_off_it_leaves_the_port_and_the_page_alone()
    {
        var self = LoopbackAddresses.Next();
        await using var agent = await TestAgent.StartAsync(TestAgent.Defaults(self), stamp: false);
        using var holder = UdpHolder.Take(self);
        Assert.DoesNotContain((await PageAsync(agent.MetricsPort)).Types.Keys, name => name.StartsWith("meshpulse_stamp_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Checks_without_a_mesh_answer_at_the_server_s_address_and_move_with_the_file()
    {
        static string At(string address) => $"""
            port = 14244
            listen = "{address}"
            [[server]]
            name = "a"
            ip = "127.0.93.1"
            """;
        using var file = new TestLandscape("port = 14244\n[[server]]\nname = \"a\"\nip = \"127.0.93.1\"\n");
        var seen = new RecordingCheckListener();
        await using var agent = await ProbeAgent.StartAsync(Options(file, seen), CancellationToken.None);
        using var sender = new StampAsker(IPAddress.Parse("127.0.93.9"));
        _ = sender.Ask(StampAsker.Request(0, 1), End("127.0.93.1"));

        file.Write(At("127.0.93.2"));
        await agent.ReloadAsync("SIGHUP");
        await Eventually.TrueAsync(() => agent.StampEndpoints.Contains(End("127.0.93.2")), () => string.Join('\n', seen.Notes));
        _ = sender.Ask(StampAsker.Request(0, 1), End("127.0.93.2"));
        await Eventually.TrueAsync(() => seen.Notes.Any(n => n.Text == "STAMP is answered at 127.0.93.2:12222 now"), () => string.Join('\n', seen.Notes));
        // Its port was given back, and what was counted before stays counted.
        await UdpHolder.TakeAsync(End("127.0.93.1"));
        using var holder = UdpHolder.Take(End("127.0.93.1"));
        Assert.Equal(2, Value(await PageAsync(agent.MetricsEndPoint!.Port), "meshpulse_stamp_packets_total", "answered"));

        file.Write(At("127.0.93.1"));
        await agent.ReloadAsync("SIGHUP");
        await Eventually.TrueAsync(
            () => seen.Notes.Any(n => n.Text.StartsWith("STAMP is not answered at 127.0.93.1:12222 (UDP): the port is in use", StringComparison.Ordinal)),
            () => string.Join('\n', seen.Notes));
        Assert.Equal(0, Value(await PageAsync(agent.MetricsEndPoint!.Port), "meshpulse_stamp_reflector_up"));
        Assert.False(agent.Ended.IsCompleted);
    }

    [Theory]
    [InlineData("127.0.94.1", 1)]
    [InlineData("127.0.94.2", 2)]
    public async Task Checks_and_mesh_share_one_where_they_are_at_the_same_place(string mesh, int reflectors)
    {
        using var file = new TestLandscape("port = 14245\n[[server]]\nname = \"a\"\nip = \"127.0.94.1\"\n");
        var (told, seen) = (new RecordingListener(), new RecordingCheckListener());
        var options = Options(file, seen) with { Mesh = TestAgent.Defaults(End(mesh)), MeshListener = told };
        await using var agent = await ProbeAgent.StartAsync(options, CancellationToken.None);
        Assert.Equal(reflectors, agent.StampEndpoints.Count);
        using var sender = new StampAsker(IPAddress.Parse("127.0.94.9"));
        foreach (var at in new[] { End(mesh), End("127.0.94.1") }.Distinct())
        {
            _ = sender.Ask(StampAsker.Request(0, 1), at);
        }

        Assert.Equal(reflectors, Value(await PageAsync(agent.MetricsEndPoint!.Port), "meshpulse_stamp_packets_total", "answered"));
        Assert.Empty(told.Notes);
        Assert.DoesNotContain(seen.Notes, n => n.Text.Contains("STAMP", StringComparison.Ordinal));
    }

    private static AgentOptions Options(TestLandscape file, RecordingCheckListener seen) =>
        new() { Checks = file.Setup("a", seen), Metrics = new MetricsListenSpec(IPAddress.Loopback, 0), Version = "0.0.0-test" };

    private static NodeEndpoint End(string address) => NodeEndpoint.From(IPAddress.Parse(address), Port);

    private static async Task<ParsedExposition> PageAsync(int port)
    {
        using var client = new HttpClient();
        return ParsedExposition.Read(await client.GetByteArrayAsync($"http://127.0.0.1:{port}/metrics"), openMetrics: false);
    }

    private static double Value(ParsedExposition page, string name, string? decision = null) =>
        Assert.Single(page.Samples, s => s.Name == name && (decision is null || s.Labels["decision"] == decision)).Value;
}
