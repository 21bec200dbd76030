using System.Net;
using System.Text.Json;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Core.Diagnosis;

namespace Meshpulse.Agent.Tests.Api;

public sealed class LiveStreamTests
{
    [Fact]
    public async Task It_begins_with_everything_and_goes_on_with_what_changes()
    {
        await using var mesh = await TestMesh.StartAsync(["a", "b", "c"]);
        // Until it is learned what is usual.
        mesh.Tell(24);
        using var stream = await EventStream.OpenAsync(mesh.Client);
        var hello = ApiJson.Read<NodesDocument>(await stream.NextAsync("hello"));
        Assert.Equal(3, hello!.Nodes.Count);
        var whole = ApiJson.Read<MatrixDocument>(await stream.NextAsync("matrix"));
        Assert.Equal(3, whole!.Rows.Count);
        _ = await stream.NextAsync("verdicts");

        mesh.Verdicts.Add(new Verdict("v-1", VerdictKind.PathLoss, VerdictPlace.Path("a", "b"), default, null, 1));
        mesh.Tell();
        using var verdicts = JsonDocument.Parse(await stream.NextAsync("verdicts"));
        Assert.Equal("v-1", verdicts.RootElement.GetProperty("verdicts")[0].GetProperty("id").GetString());
        // Only the row that the verdict marks is another one.
        MatrixChange? change = null;
        while (change is not { Rows.Count: > 0 })
        {
            mesh.Tell();
            change = ApiJson.Read<MatrixChange>(await stream.NextAsync("matrix"));
            Assert.NotNull(change);
            Assert.Null(change.Nodes);
        }

        Assert.Equal(0, Assert.Single(change.Rows).From);
        Assert.Equal([2, 4, 0], change.Rows[0].State);
        _ = await stream.NextAsync("nodes");
    }

    [Fact]
    public async Task So_many_streams_are_open_and_no_more()
    {
        await using var mesh = await TestMesh.StartAsync(["a", "b"], change: o => o with { MaxStreams = 3 });
        mesh.Tell();
        var streams = new List<EventStream>();
        for (var i = 0; i < 3; i++)
        {
            streams.Add(await EventStream.OpenAsync(mesh.Client));
        }

        using (var refused = await mesh.Client.GetAsync(MeshApi.StreamPath, HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        streams.ForEach(s => s.Dispose());
        await Eventually.TrueAsync(() => mesh.Api.Streams == 0, "nobody reads any more");
        using var again = await EventStream.OpenAsync(mesh.Client);
        Assert.NotEmpty(await again.NextAsync("hello"));
    }

    [Fact]
    public async Task Who_does_not_read_holds_nobody_up()
    {
        await using var mesh = await TestMesh.StartAsync([.. Enumerable.Range(1, 50).Select(i => $"10.0.0.{i}")]);
        mesh.Tell();
        using var lazy = await RawConnection.OpenAsync(mesh.Port, receiveBuffer: 1_024);
        await lazy.SendAsync($"GET {MeshApi.StreamPath} HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.TrueAsync(() => mesh.Api.Streams == 1, "the stream of who does not read");
        using var stream = await EventStream.OpenAsync(mesh.Client);
        _ = await stream.NextAsync("matrix");
        for (var i = 0; i < 3; i++)
        {
            mesh.Tell();
            _ = await stream.NextAsync("matrix");
        }

        Assert.Equal(50, (await mesh.GetAsync<NodesDocument>(MeshApi.NodesPath)).Nodes.Count);
    }
}
