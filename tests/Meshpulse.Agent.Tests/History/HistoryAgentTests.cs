using System.Net;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.History;

/// <summary>Two whole agents: what they keep is what they counted.</summary>
public sealed class HistoryAgentTests
{
    [Fact]
    public async Task An_agent_keeps_heartbeats_paths_vitals_and_events_to_the_last_one()
    {
        using var folder = new StoreFolder();
        var (first, second) = (LoopbackAddresses.Next(), LoopbackAddresses.Next());
        long received = 0;
        await using (var other = await StartAsync(second, null))
        {
            await using var agent = await StartAsync(first, folder.File, second);
            await Eventually.TrueAsync(() => WindowsOf(folder.File, SeriesKind.Path) > 2 && WindowsOf(folder.File, SeriesKind.Heartbeat) > 2, "windows come");
            await agent.DisposeAsync();
            agent.Collector.Read((peers, _) => received = peers.Single().Received);
        }

        using var reader = HistoryReader.Open(folder.File);
        var (name, peer) = (Fleet(first), Fleet(second));
        Assert.Equal(name, reader.Node);
        Assert.Equal(
            [(SeriesKind.Path, name, peer), (SeriesKind.Heartbeat, name, peer), (SeriesKind.Host, name, "")],
            reader.Series().Select(s => (s.Name.Kind, s.Name.Source, s.Name.Target)));
        var heartbeats = Total(reader, SeriesKind.Heartbeat);
        Assert.Equal(received, heartbeats.Figure("received"));
        Assert.InRange(heartbeats.Histogram("delta")!.TotalCount, received, received);
        var path = Total(reader, SeriesKind.Path);
        Assert.True(path.Figure("sent") > 0 && path.Histogram("round_trip")!.TotalCount > 0);
        Assert.Equal(path.Figure("sent"), path.Flows.Sum(f => f.Sent));
        Assert.True(Total(reader, SeriesKind.Host).Figure("covered_ms") > 500);
        var events = reader.Events(default, new WallTime(long.MaxValue), 100).Select(e => (e.Kind, e.Node)).ToList();
        Assert.Equal(("started", name), events[0]);
        Assert.Contains(("peer_joined", peer), events);
        Assert.Contains(("stopped", name), events);
    }

    private static string Fleet(NodeEndpoint node) => Meshpulse.Agent.Fleet.NodeNames.Of(node);

    private static HistoryRow Total(HistoryReader reader, SeriesKind kind) =>
        reader.Windows(reader.Series().Single(s => s.Name.Kind == kind), default, new WallTime(4_000_000_000_000_000_000), HistoryReader.MaxPoints).Total()!;

    private static int WindowsOf(string file, SeriesKind kind)
    {
        try
        {
            using var reader = HistoryReader.Open(file);
            return reader.Series().FirstOrDefault(s => s.Name.Kind == kind) is { } series
                ? reader.Windows(series, series.First, new WallTime(series.First.Nanoseconds + 600_000_000_000), 1_000, Duration.FromSeconds(1)).Windows.Count
                : 0;
        }
        catch (HistoryFileException)
        {
            // Not there yet.
            return 0;
        }
    }

    private static Task<ProbeAgent> StartAsync(NodeEndpoint self, string? file, params NodeEndpoint[] servers) => ProbeAgent.StartAsync(
        new AgentOptions
        {
            Mesh = TestAgent.Defaults(self),
            MeshListener = new RecordingListener(),
            Servers = [.. servers.Select(s => ((string?)null, s))],
            History = file is null ? null : new HistoryOptions { File = file },
            Metrics = new MetricsListenSpec(IPAddress.Loopback, 0),
            Version = "0.0.0-test",
        },
        CancellationToken.None);
}
