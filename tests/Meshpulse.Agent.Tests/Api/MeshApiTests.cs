using System.Net;
using System.Text.Json;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Api;

public sealed class MeshApiTests
{
    [Fact]
    public async Task The_nodes_are_told_with_what_is_known_of_each()
    {
        await using var mesh = await TestMesh.StartAsync(["a", "b", "c"]);
        mesh.Tell();
        mesh.Verdicts.Add(new Verdict("v-1", VerdictKind.HostFrozen, VerdictPlace.Host("b"), default, null, 1));
        var nodes = await mesh.GetAsync<NodesDocument>(MeshApi.NodesPath);
        Assert.Equal((1, "a", "a", false), (nodes.Version, nodes.Node, nodes.Self, nodes.History));
        Assert.Equal(["a", "b", "c"], nodes.Nodes.Select(n => n.Name));
        Assert.All(nodes.Nodes, n => Assert.Equal(("up", false, "fra"), (n.State, n.IsMaintenance, n.Datacenter)));
        Assert.Equal(("first", "1.2.3", "web"), (nodes.Nodes[0].Label, nodes.Nodes[0].Version, Assert.Single(nodes.Nodes[0].Groups)));
        Assert.Equal((1.0, 3.0), (nodes.Nodes[1].ClockOffsetUs, nodes.Nodes[1].ClockBoundUs));
        Assert.Equal("v-1", Assert.Single(nodes.Nodes[1].Verdicts));
        Assert.Null(nodes.Nodes[1].Cpu);
    }

    [Fact]
    public async Task The_matrix_has_every_pair_and_says_what_is_missing()
    {
        await using var mesh = await TestMesh.StartAsync(["a", "b", "c"]);
        mesh.Tell(8, "a", "b");
        mesh.Verdicts.Add(new Verdict("v-1", VerdictKind.PathLoss, VerdictPlace.Path("a", "b"), default, null, 1));
        var matrix = await mesh.GetAsync<MatrixDocument>(MeshApi.MatrixPath);
        Assert.Equal(["a", "b", "c"], matrix.Nodes);
        Assert.Equal(["fra", "fra", null], matrix.Datacenters);
        Assert.Equal("c", Assert.Single(matrix.Missing).Node);
        Assert.Equal([0, 1, 2], matrix.Rows.Select(r => r.From));
        Assert.Equal([2, 4, 0], matrix.Rows[0].State);
        Assert.Equal([255, 0, 0], matrix.Rows[0].Loss);
        Assert.Equal(CellCodes.OfDelay(100), matrix.Rows[0].P50[1]);
        // The row of c, which tells nothing, is what a and b know of its packets.
        Assert.Equal([0, 0, 2], matrix.Rows[2].State);
        Assert.Null(matrix.AgesMs[2]);
        Assert.NotNull(matrix.AgesMs[1]);
    }

    [Fact]
    public async Task A_row_comes_without_names_to_who_has_them()
    {
        await using var mesh = await TestMesh.StartAsync(["a", "b", "c"]);
        mesh.Tell();
        var row = await mesh.GetAsync<RowDocument>(MeshApi.RowPath);
        Assert.Equal(["a", "b", "c"], row.Names);
        Assert.Equal([2, 0, 0], row.Forward.State);
        Assert.Null((await mesh.GetAsync<RowDocument>($"{MeshApi.RowPath}?names={row.Hash}")).Names);
        Assert.NotNull((await mesh.GetAsync<RowDocument>($"{MeshApi.RowPath}?names=00")).Names);
    }

    [Fact]
    public async Task Paths_are_told_in_figures()
    {
        await using var mesh = await TestMesh.StartAsync(["a", "b"]);
        mesh.Tell();
        var path = Assert.Single((await mesh.GetAsync<PathsDocument>(MeshApi.PathsPath)).Paths);
        Assert.Equal(("b", true), (path.To, path.Connected));
        Assert.Equal((0.0, 0L, 80L, 100.0, 200.0, 300.0), (path.Forward.Loss, path.Forward.Lost, path.Forward.Sent, path.Forward.P50Us, path.Forward.P99Us, path.Forward.MaxUs));
        Assert.Equal((40_001, 80L), (Assert.Single(path.Flows).Port, path.Flows[0].Answered));
    }

    [Fact]
    public async Task Another_node_is_asked_for_its_own_word_and_no_other_host_ever()
    {
        await using var first = await TestMesh.StartAsync(["127.79.1.1", "127.79.1.2", "127.79.1.3"]);
        await using var second = await TestMesh.StartAsync(["127.79.1.2", "127.79.1.1"], first.Port);
        first.Tell();
        second.Tell();
        var config = await first.GetAsync<ConfigDocument>(MeshApi.ConfigPath + "?node=127.79.1.2");
        Assert.Equal(("127.79.1.2", "127.79.1.1"), (config.Node, config.Via));
        Assert.Equal("127.79.1.2", (await first.GetAsync<PathsDocument>(MeshApi.PathsPath + "?node=127.79.1.2")).Node);

        // Nobody listens at the third, and the others are no nodes.
        await FailsAsync(first, MeshApi.ConfigPath + "?node=127.79.1.3", HttpStatusCode.GatewayTimeout);
        foreach (var stranger in new[] { "127.0.0.1", "localhost", "169.254.169.254", "127.79.1.2:80", "127.79.1.2@127.0.0.1", "http://127.79.1.2/", "..", "127.79.1.2%2Fapi" })
        {
            await FailsAsync(first, $"{MeshApi.ConfigPath}?node={Uri.EscapeDataString(stranger)}", HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task What_a_peer_answers_must_be_its_own()
    {
        await using var first = await TestMesh.StartAsync(["127.79.2.1", "127.79.2.2"]);
        // It calls itself otherwise.
        await using var liar = await TestMesh.StartAsync(["127.79.2.2", "x"], first.Port, o => o with { Live = first.Live });
        first.Tell();
        await FailsAsync(first, MeshApi.ConfigPath + "?node=127.79.2.2", HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task A_pair_is_told_by_both_ends()
    {
        await using var first = await TestMesh.StartAsync(["127.79.3.1", "127.79.3.2", "127.79.3.3"]);
        await using var second = await TestMesh.StartAsync(["127.79.3.2", "127.79.3.1", "127.79.3.3"], first.Port);
        first.Tell();
        second.Tell();
        var path = await first.GetAsync<PathDocument>($"{MeshApi.PathPath}?from=127.79.3.1&to=127.79.3.2");
        Assert.Equal([("127.79.3.1", "live"), ("127.79.3.2", "peer")], path.Views.Select(v => (v.Observer, v.Source)));
        Assert.All(path.Views, v => Assert.Equal((8, 8, 8), (v.T.Count, v.Sent.Count, v.Forward!.P50Us.Count)));
        Assert.All(path.Views, v => Assert.Equal(100, v.Forward!.P50Us[0]));

        var half = await first.GetAsync<PathDocument>($"{MeshApi.PathPath}?from=127.79.3.3&to=127.79.3.2");
        Assert.NotNull(half.Views[0].Missing);
        Assert.Null(half.Views[1].Missing);
        await FailsAsync(first, $"{MeshApi.PathPath}?from=127.79.3.1&to=10.0.0.1", HttpStatusCode.NotFound);
        await FailsAsync(first, $"{MeshApi.PathPath}?from=127.79.3.1&to=127.79.3.1", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Without_a_history_the_past_is_said_to_be_missing()
    {
        await using var mesh = await TestMesh.StartAsync(["a", "b"]);
        mesh.Tell();
        var matrix = await mesh.GetAsync<MatrixDocument>(MeshApi.MatrixPath + "?at=2026-01-02T03:04:05Z");
        Assert.Equal(["a", "b"], matrix.Missing.Select(m => m.Node));
        Assert.Empty(matrix.Rows);
        Assert.Equal(8, (await mesh.GetAsync<VitalsDocument>(MeshApi.VitalsPath)).T.Count);
        Assert.False((await mesh.GetAsync<EventsDocument>(MeshApi.EventsPath)).More);
        var longAgo = await mesh.GetAsync<PathDocument>($"{MeshApi.PathPath}?from=a&to=b&start=2026-01-02T03:04:05Z&end=2026-01-02T04:04:05Z");
        Assert.NotNull(longAgo.Views[0].Missing);
    }

    [Theory]
    [InlineData("nodes?x=1")]
    [InlineData("nodes?node=")]
    [InlineData("nodes?node=a&node=b")]
    [InlineData("nodes?node=%00")]
    [InlineData("matrix?at=yesterday")]
    [InlineData("matrix?at=-1")]
    [InlineData("matrix?at=9223372036854775807")]
    [InlineData("matrix?at=2026-13-01T00:00:00Z")]
    [InlineData("row?names=xyz")]
    [InlineData("path?from=a")]
    [InlineData("path?from=a&to=b&start=5&end=5")]
    [InlineData("path?from=a&to=b&step_ms=1")]
    [InlineData("path?from=a&to=b&step_ms=1e9")]
    [InlineData("vitals?start=2026-01-02T03:04:05Z&end=2026-01-01T03:04:05Z")]
    [InlineData("events?limit=0")]
    [InlineData("events?limit=1000000")]
    [InlineData("stream?from=0")]
    public async Task A_wrong_question_is_said_to_be_one(string query)
    {
        await using var mesh = await TestMesh.StartAsync(["a", "b"]);
        mesh.Tell();
        await FailsAsync(mesh, "/api/v1/" + query, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("vitals?start=0&end=4102444800000&step_ms=250")]
    [InlineData("path?from=a&to=b&start=1970-01-01T00:00:00Z&end=2199-01-01T00:00:00Z&step_ms=1000")]
    [InlineData("events?start=0&limit=1000")]
    [InlineData("matrix?at=0")]
    public async Task A_huge_question_has_a_bounded_answer(string query)
    {
        await using var mesh = await TestMesh.StartAsync(["a", "b"]);
        mesh.Tell();
        Assert.InRange((await mesh.Client.GetByteArrayAsync("/api/v1/" + query)).Length, 1, 200_000);
    }

    [Fact]
    public async Task With_a_token_all_of_it_is_for_who_knows_it()
    {
        var token = new ApiToken("0123456789abcdef");
        await using var mesh = await TestMesh.StartAsync(["a", "b"], token: token);
        mesh.Tell();
        foreach (var route in mesh.Api.Routes)
        {
            await RefusedAsync(mesh, route.Path, null);
        }

        foreach (var wrong in new[] { "Bearer", "Bearer 0123456789abcdeg", "Bearer 0123456789abcdef0", "Basic 0123456789abcdef", "0123456789abcdef", "Bearer " + new string('x', 4_000) })
        {
            await RefusedAsync(mesh, MeshApi.NodesPath, wrong);
        }

        using var right = new HttpRequestMessage(HttpMethod.Get, MeshApi.NodesPath);
        right.Headers.TryAddWithoutValidation("Authorization", token.Header);
        using var answer = await mesh.Client.SendAsync(right);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await mesh.Client.GetAsync("/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await mesh.Client.GetAsync("/-/healthy")).StatusCode);
    }

    [Fact]
    public async Task Peers_show_each_other_the_token()
    {
        var token = new ApiToken("0123456789abcdef");
        await using var first = await TestMesh.StartAsync(["127.79.4.1", "127.79.4.2"], token: token);
        await using var second = await TestMesh.StartAsync(["127.79.4.2", "127.79.4.1"], first.Port, token: token);
        first.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", token.Header);
        first.Tell();
        Assert.Equal("127.79.4.2", (await first.GetAsync<ConfigDocument>(MeshApi.ConfigPath + "?node=127.79.4.2")).Node);
    }

    [Fact]
    public async Task Large_answers_are_compressed_for_who_takes_that()
    {
        await using var mesh = await TestMesh.StartAsync([.. Enumerable.Range(1, 40).Select(i => $"10.0.0.{i}")]);
        mesh.Tell();
        var plain = await mesh.Client.GetByteArrayAsync(MeshApi.MatrixPath);
        using var request = new HttpRequestMessage(HttpMethod.Get, MeshApi.MatrixPath);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await mesh.Client.SendAsync(request);
        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.InRange((await response.Content.ReadAsByteArrayAsync()).Length, 100, plain.Length / 3);
        using var small = new HttpRequestMessage(HttpMethod.Get, MeshApi.ConfigPath);
        small.Headers.AcceptEncoding.ParseAdd("gzip");
        using var other = await mesh.Client.SendAsync(small);
        Assert.Empty(other.Content.Headers.ContentEncoding);
    }

    private static async Task RefusedAsync(TestMesh mesh, string path, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        Assert.True(authorization is null || request.Headers.TryAddWithoutValidation("Authorization", authorization));
        using var response = await mesh.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("token", await ErrorOf(response), StringComparison.Ordinal);
    }

    private static async Task FailsAsync(TestMesh mesh, string path, HttpStatusCode status)
    {
        using var response = await mesh.Client.GetAsync(path);
        Assert.Equal(status, response.StatusCode);
        Assert.NotEmpty(await ErrorOf(response));
    }

    private static async Task<string> ErrorOf(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.GetProperty("error").GetString()!;
    }
}
