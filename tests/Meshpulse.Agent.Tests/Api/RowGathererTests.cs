using System.Net;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Api;

public sealed class RowGathererTests
{
    [Fact]
    public async Task Rows_are_gathered_while_somebody_looks_and_who_does_not_answer_is_missing()
    {
        // Enough nodes that the others' slices are not taken in; two of them are there.
        string[] others = [.. Enumerable.Range(3, 60).Select(i => $"127.79.5.{i}")];
        await using var first = await TestMesh.StartAsync(["127.79.5.1", "127.79.5.2", .. others], hasRealTime: true);
        await using var second = await TestMesh.StartAsync(["127.79.5.2", "127.79.5.1", .. others], first.Port, hasRealTime: true);
        first.Tell();
        FleetPeer[] peers = [.. new[] { "127.79.5.2", "127.79.5.3" }.Select(n => new FleetPeer(n, NodeEndpoint.From(IPAddress.Parse(n), 12_222)))];
        using var client = new PeerClient(new FleetReaderOptions { Port = first.Port });
        await using var gatherer = new RowGatherer(first.Live, client, () => peers, SystemClocks.Mono);
        var before = await first.GetAsync<MatrixDocument>(MeshApi.MatrixPath);
        Assert.Equal(61, before.Missing.Count);
        MatrixDocument? matrix = null;
        await Eventually.TrueAsync(
            () =>
            {
                first.Tell(1);
                second.Tell(1);
                matrix = first.Live.Matrix().Document;
                return matrix.Missing.Count == 60 && matrix.Missing.Single(m => m.Node == "127.79.5.3").Why.Contains("can't be asked", StringComparison.Ordinal);
            },
            "the second's row");
        Assert.Equal("1.2.3", first.Live.Nodes().Nodes.Single(n => n.Name == "127.79.5.2").Version);
        Assert.Equal(0, matrix!.Rows[1].State[5]);
        Assert.NotNull(matrix.AgesMs[1]);
    }
}
