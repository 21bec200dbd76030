using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Core.Config;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>What a running agent with checks serves over HTTP.</summary>
public sealed class CheckPageTests
{
    private const string Sound = """
        port = 14238
        [[group]]
        name = "all"
        [[server]]
        name = "a"
        ip = "127.0.64.1"
        datacenter = "fra.dc11"
        groups = ["all"]
        [[server]]
        name = "b"
        ip = "127.0.64.2"
        groups = ["all"]
        [[check]]
        from = "a"
        to = "all"
        check = "udp_ping"
        [[check]]
        from = "a"
        to = "all"
        check = "icmp"
        interval = "50ms"
        [[check]]
        from = "a"
        to = "all"
        check = "tcp"
        port = 14239
        interval = "50ms"
        [[check]]
        from = "a"
        to = "all"
        check = "tcp"
        port = 14240
        interval = "50ms"

        """;

    [Fact]
    public async Task The_page_has_no_series_twice_and_promtool_nothing_to_say()
    {
        using var file = new TestLandscape(Sound);
        var seen = new RecordingCheckListener();
        await using var agent = await StartAsync(file, seen);
        await Eventually.TrueAsync(() => seen.Reports.Any(r => r.Pairs.All(p => p.Totals.Sent > 0)), "all are probed");
        using var client = new HttpClient();
        var page = await client.GetByteArrayAsync($"http://{agent.MetricsEndPoint}/metrics");

        var samples = ParsedExposition.Read(page, openMetrics: false).Samples;
        var series = samples.Select(s => $"{s.Name} {string.Join(',', s.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))}").ToList();
        Assert.Equal(series.Distinct(), series);
        var tcp = samples.Where(s => s.Name == "meshpulse_probes_sent_total" && s.Labels["check"] == "tcp").ToList();
        Assert.Equal(["14239", "14239", "14240", "14240"], tcp.Select(s => s.Labels["port"]).Order(StringComparer.Ordinal));
        Assert.All(tcp, s => Assert.True(s.Value > 0));

        var (exit, output) = await PrometheusTests.PromtoolAsync(page);
        Assert.Equal("", output);
        Assert.Equal(0, exit);
    }

    [Fact]
    public async Task A_reload_is_refused_to_pages_of_other_sites_and_answered_with_what_came_of_it()
    {
        var text = Sound.Replace("142", "143", StringComparison.Ordinal).Replace(".64.", ".65.", StringComparison.Ordinal);
        using var file = new TestLandscape(text);
        var seen = new RecordingCheckListener();
        await using var agent = await StartAsync(file, seen);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{agent.MetricsEndPoint}") };

        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(client, "Origin", "http://evil.example")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(client, "Sec-Fetch-Site", "cross-site")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.GetAsync("/-/reload")).StatusCode);
        Assert.Equal(0, agent.Checks!.Watch!.Reloads);

        Assert.Equal((HttpStatusCode.OK, "reloaded\n"), await PostAsync(client));
        Assert.Equal(1, agent.Checks.Watch.Reloads);
        Assert.Contains(seen.Notes, n => n.Text.Contains("is in force (POST /-/reload): 8 probes go on", StringComparison.Ordinal));

        file.Write("[[server]\n");
        var refused = await PostPatientlyAsync(client);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("mesh.toml:1:", refused.Body, StringComparison.Ordinal);
        Assert.False(agent.Checks.Watch.LastReloadSuccessful);

        file.Write(text);
        Assert.Equal(HttpStatusCode.OK, (await PostPatientlyAsync(client)).Status);
        Assert.True(agent.Checks.Watch.LastReloadSuccessful);
    }

    [Fact]
    public async Task Reloads_are_not_done_more_often_than_once_a_second()
    {
        using var file = new TestLandscape("[[server]]\nname = \"a\"\nip = \"127.0.66.1:14241\"\n");
        await using var agent = await StartAsync(file, new RecordingCheckListener());
        using var client = new HttpClient { BaseAddress = new Uri($"http://{agent.MetricsEndPoint}") };
        var begin = Environment.TickCount64;
        var answers = new List<(HttpStatusCode Status, string Body)>();
        for (var i = 0; i < 50; i++)
        {
            answers.Add(await PostAsync(client));
        }

        var seconds = (Environment.TickCount64 - begin) / 1_000;
        var done = answers.Count(a => a.Status == HttpStatusCode.OK);
        Assert.InRange(done, 1, seconds + 2);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), a => Assert.Equal(HttpStatusCode.TooManyRequests, a.Status));
        Assert.Contains(answers, a => a.Status == HttpStatusCode.TooManyRequests);
        Assert.Equal(done, agent.Checks!.Watch!.Reloads);
    }

    private static Task<ProbeAgent> StartAsync(TestLandscape file, RecordingCheckListener seen) => ProbeAgent.StartAsync(
        new AgentOptions { Checks = file.Setup("a", seen), Metrics = TestServers.Loopback, Version = "0.0.0-test" }, CancellationToken.None);

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(HttpClient client, string? header = null, string value = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/-/reload");
        if (header is not null)
        {
            request.Headers.Add(header, value);
        }

        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Asks until a second has passed since the last reload.</summary>
    private static async Task<(HttpStatusCode Status, string Body)> PostPatientlyAsync(HttpClient client)
    {
        var answer = (Status: HttpStatusCode.TooManyRequests, Body: "");
        for (var i = 0; i < 200 && answer.Status == HttpStatusCode.TooManyRequests; i++)
        {
            answer = await PostAsync(client);
            await Task.Delay(answer.Status == HttpStatusCode.TooManyRequests ? 50 : 0);
        }

        return answer;
    }
}
