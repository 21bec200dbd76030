using System.Net;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.Tests.Export;

namespace Meshpulse.Agent.Tests.Fleet;

public sealed class FleetApiTests
{
    [Fact]
    public async Task Slices_are_answered_at_once_or_when_the_next_is_cut()
    {
        var board = new SliceBoard("a", TestFleet.Run);
        await using var server = await TestFleet.ServeAsync(TestFleet.Api("a", board));
        using var client = TestServers.Client(server);
        board.Publish(TestFleet.Slice("a", 1));
        Assert.Equal(1, Assert.Single(await SlicesAsync(client, "")).Number);
        Assert.Empty(await SlicesAsync(client, "?after=1&run=000000000000feed"));

        var waiting = SlicesAsync(client, "?after=1&run=000000000000feed&wait=2000");
        board.Publish(TestFleet.Slice("a", 2));
        Assert.Equal(2, Assert.Single(await waiting).Number);
    }

    [Fact]
    public async Task Who_waits_when_the_agent_stops_gets_its_last_slice()
    {
        var board = new SliceBoard("a", TestFleet.Run);
        await using var server = await TestFleet.ServeAsync(TestFleet.Api("a", board));
        using var client = TestServers.Client(server);
        board.Publish(TestFleet.Slice("a", 1));
        var waiting = SlicesAsync(client, "?after=1000&run=000000000000feed&wait=2000");
        board.Publish(TestFleet.Slice("a", 2, leaving: true));
        Assert.True(Assert.Single(await waiting).IsLeaving);
    }

    [Theory]
    [InlineData("?after=-1")]
    [InlineData("?after=x")]
    [InlineData("?after=9223372036854775808")]
    [InlineData("?run=1")]
    [InlineData("?run=000000000000FEEX")]
    [InlineData("?most=0")]
    [InlineData("?most=151")]
    [InlineData("?most=some")]
    [InlineData("?wait=2001")]
    [InlineData("?wait=-1")]
    [InlineData("?wait=1e3")]
    public async Task A_wrong_question_is_said_to_be_one(string query)
    {
        await using var server = await TestFleet.ServeAsync(TestFleet.Api("a"));
        using var client = TestServers.Client(server);
        using var response = await client.GetAsync(FleetApi.SlicesPath + query);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task With_a_shared_key_slices_are_for_its_holders_and_verdicts_for_all()
    {
        var board = new SliceBoard("a", TestFleet.Run);
        board.Publish(TestFleet.Slice("a", 1));
        var keys = TestFleet.Keys("aa01");
        await using var server = await TestFleet.ServeAsync(TestFleet.Api("a", board, keys));
        using var client = TestServers.Client(server);
        using (var refused = await client.GetAsync(FleetApi.SlicesPath))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        Assert.True(FleetJson.TryRead(await client.GetByteArrayAsync(FleetApi.VerdictsPath), out VerdictDocument? _, out _));
        const string Target = FleetApi.SlicesPath + "?after=0&wait=10";
        using var request = new HttpRequestMessage(HttpMethod.Get, Target);
        request.Headers.Add(ShareKeys.Header, keys.SignRequest("GET", Target, out var nonce));
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Single(TestFleet.Read(body).Slices);
        Assert.True(keys.VerifyAnswer(response.Headers.GetValues(ShareKeys.Header).Single(), nonce, 200, body));
    }

    [Theory]
    [InlineData("Origin", "https://example.org")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Pages_of_other_sites_get_nothing(string header, string value)
    {
        await using var server = await TestFleet.ServeAsync(TestFleet.Api("a"));
        using var client = TestServers.Client(server);
        foreach (var route in TestFleet.Api("a").Routes)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, route.Path);
            request.Headers.Add(header, value);
            using var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_so()
    {
        var gate = new ApiGate(limits: new SourceLimits(() => default));
        await using var server = await TestFleet.ServeAsync(TestFleet.Api("a", gate: gate));
        using var client = TestServers.Client(server);
        for (var i = 0; i < SourceLimits.RequestsPerSecond; i++)
        {
            _ = await client.GetByteArrayAsync(FleetApi.VerdictsPath);
        }

        using var response = await client.GetAsync(FleetApi.VerdictsPath);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal([("served", 50L), ("limited", 1L), ("refused", 0L), ("wrong", 0L)], gate.Requests);
    }

    private static async Task<IReadOnlyList<Core.Diagnosis.Slices.NodeSlice>> SlicesAsync(HttpClient client, string query) =>
        TestFleet.Read(await client.GetByteArrayAsync(FleetApi.SlicesPath + query)).Slices;
}
