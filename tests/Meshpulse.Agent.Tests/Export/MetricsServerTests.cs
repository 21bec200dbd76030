using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Meshpulse.Agent.Export;
using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Tests.Export;

public class MetricsServerTests
{
    [Theory]
    [InlineData(null, "text/plain; version=0.0.4; charset=utf-8", false)]
    [InlineData("*/*", "text/plain; version=0.0.4; charset=utf-8", false)]
    [InlineData("application/openmetrics-text;version=1.0.0,text/plain;q=0.5", "application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    public async Task A_scrape_gets_the_format_it_asks_for(string? accept, string contentType, bool openMetrics)
    {
        await using var server = await TestServers.StartAsync(Page.WriteRepresentative);
        using var client = TestServers.Client(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics?ignored=1");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType!.ToString());
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        Assert.Equal("Accept, Accept-Encoding", response.Headers.Vary.ToString());
        Assert.False(response.Headers.Contains("Server"));
        var parsed = ParsedExposition.Read(body, openMetrics);
        Assert.Equal(10, parsed.Samples.Single(s => s.Name == "meshmonitor_receive_seconds_count").Value);
    }

    [Fact]
    public async Task Who_takes_gzip_gets_the_same_page_in_a_twentieth()
    {
        await using var server = await TestServers.StartAsync(TestServers.WriteMegabytes);
        using var client = TestServers.Client(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await client.SendAsync(request);
        var sent = await response.Content.ReadAsByteArrayAsync();

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.Equal("Accept, Accept-Encoding", response.Headers.Vary.ToString());
        using var page = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream(sent), CompressionMode.Decompress))
        {
            await gzip.CopyToAsync(page);
        }

        Assert.InRange(sent.Length, 1, (int)page.Length / 20);
        Assert.Equal(60_000, ParsedExposition.Read(page.ToArray(), openMetrics: false).Samples.Count(s => s.Name == "large"));
        var head = await RawConnection.AskAsync(
            server.LocalEndPoint.Port, "HEAD /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
        Assert.Contains("Content-Encoding: gzip\r\n", head, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/-/healthy")]
    [InlineData("/-/ready")]
    [InlineData("/")]
    public async Task Head_answers_as_get_does_without_the_body(string path)
    {
        await using var server = await TestServers.StartAsync();
        var port = server.LocalEndPoint.Port;
        var get = await RawConnection.AskAsync(port, $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var head = await RawConnection.AskAsync(port, $"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", head, StringComparison.Ordinal);
        Assert.Equal(ContentLength(get), ContentLength(head));
        Assert.Equal(get.Length, get.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4 + ContentLength(get));
    }

    [Fact]
    public async Task Healthy_is_ok_and_the_index_names_the_three_pages()
    {
        await using var server = await TestServers.StartAsync();
        using var client = TestServers.Client(server);
        Assert.Equal("ok\n", await client.GetStringAsync("/-/healthy"));
        Assert.Equal("Meshpulse\n\n/metrics\n/-/healthy\n/-/ready\n", await client.GetStringAsync("/"));
    }

    [Fact]
    public async Task Ready_follows_the_agent_and_an_agent_that_cannot_tell_is_not_ready()
    {
        Func<bool> isReady = () => false;
        var failures = new List<Exception>();
        await using var server = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = TestServers.Loopback,
            WriteFamilies = TestServers.OneGauge,
            IsReady = () => isReady(),
            OnFailure = failures.Add,
        });
        using var client = TestServers.Client(server);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/-/ready")).StatusCode);
        isReady = () => true;
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/-/ready")).StatusCode);
        Assert.Empty(failures);
        isReady = () => throw new InvalidOperationException("unknown");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync("/-/ready")).StatusCode);
        Assert.Equal("unknown", Assert.Single(failures).Message);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/-/healthy")).StatusCode);
    }

    [Theory]
    [InlineData("/favicon.ico")]
    [InlineData("/metrics/")]
    [InlineData("/Metrics")]
    [InlineData("/-/")]
    [InlineData("/-/healthy/x")]
    public async Task Other_paths_are_not_found(string path)
    {
        await using var server = await TestServers.StartAsync();
        using var client = TestServers.Client(server);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync(path, null)).StatusCode);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/-/healthy")]
    [InlineData("/-/ready")]
    [InlineData("/")]
    public async Task Other_methods_are_refused_and_told_what_is_allowed(string path)
    {
        await using var server = await TestServers.StartAsync(_ => Assert.Fail("no page was asked for"));
        using var client = TestServers.Client(server);
        foreach (var method in new[] { "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "INVENTED" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
            Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
        }

        Assert.Equal(0, server.FailedScrapes);
    }

    [Fact]
    public async Task A_page_that_cannot_be_written_is_one_line_and_a_count_and_the_next_one_is_whole()
    {
        var broken = true;
        var failures = new List<Exception>();
        await using var server = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = TestServers.Loopback,
            WriteFamilies = w =>
            {
                TestServers.OneGauge(w);
                if (broken)
                {
                    throw new InvalidOperationException("secret");
                }
            },
            OnFailure = failures.Add,
        });
        using var client = TestServers.Client(server);

        using var response = await client.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("the metrics could not be written\n", await response.Content.ReadAsStringAsync());
        Assert.Equal(1, server.FailedScrapes);
        Assert.Equal("secret", Assert.Single(failures).Message);

        broken = false;
        Assert.Equal(1, await TestServers.ReadSampleAsync(server, "meshpulse_scrapes_total", "failed"));
        Assert.Equal(1, await TestServers.ReadSampleAsync(server, "meshpulse_scrapes_total", "served"));
    }

    [Fact]
    public async Task Scrapes_at_the_same_time_get_pages_of_their_own()
    {
        var pages = 0L;
        await using var server = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = TestServers.Loopback,
            MaxScrapes = 64,
            WriteFamilies = w =>
            {
                var mine = Interlocked.Increment(ref pages);
                w.Family("page", MetricKind.Gauge, "h");
                for (var line = 0; line < 5_000; line++)
                {
                    w.Sample(mine, new Label("line", line.ToString(CultureInfo.InvariantCulture)));
                }
            },
        });
        using var client = TestServers.Client(server);
        var bodies = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => GetAsync(i % 2 == 0)));
        var numbers = bodies.Select(b => Assert.Single(b.Samples.Where(s => s.Name == "page").Select(s => s.Value).Distinct())).ToHashSet();
        Assert.Equal(40, numbers.Count);

        async Task<ParsedExposition> GetAsync(bool openMetrics)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(openMetrics ? "application/openmetrics-text" : "text/plain"));
            using var response = await client.SendAsync(request);
            return ParsedExposition.Read(await response.Content.ReadAsByteArrayAsync(), openMetrics);
        }
    }

    [Fact]
    public async Task Other_rooms_add_routes_and_the_longest_path_wins()
    {
        await using var server = await TestServers.StartAsync(
            null,
            Say("/", "dashboard"),
            Say("/api/*", "api"),
            Say("/api/v1/*", "v1"),
            Say("/api/v1/verdicts", "verdicts"));
        using var client = TestServers.Client(server);
        Assert.Equal("dashboard", await client.GetStringAsync("/"));
        Assert.Equal("api", await client.GetStringAsync("/api/"));
        Assert.Equal("api", await client.GetStringAsync("/api/v2"));
        Assert.Equal("v1", await client.GetStringAsync("/api/v1/*"));
        Assert.Equal("v1", await client.GetStringAsync("/api/v1/peers"));
        Assert.Equal("verdicts", await client.GetStringAsync("/api/v1/verdicts"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api")).StatusCode);
        Assert.Equal("ok\n", await client.GetStringAsync("/-/healthy"));
    }

    [Fact]
    public async Task A_route_takes_a_body_up_to_its_bound()
    {
        await using var server = await TestServers.StartAsync(null, new HttpRoute("/echo", EchoAsync, "POST") { MaxBodyBytes = 10 });
        using var client = TestServers.Client(server);
        using var fits = await client.PostAsync("/echo", new StringContent("0123456789"));
        Assert.Equal("0123456789", await fits.Content.ReadAsStringAsync());
        using var exceeds = await client.PostAsync("/echo", new StringContent("0123456789a"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, exceeds.StatusCode);
        using var get = await client.GetAsync("/echo");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal(["POST"], get.Content.Headers.Allow);

        static async Task EchoAsync(HttpContext context)
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await reader.ReadToEndAsync());
        }
    }

    [Fact]
    public async Task A_route_that_throws_costs_its_own_request_only()
    {
        var failures = new List<Exception>();
        await using var server = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = TestServers.Loopback,
            WriteFamilies = TestServers.OneGauge,
            OnFailure = failures.Add,
            Routes =
            [
                new HttpRoute("/early", _ => throw new InvalidOperationException("early"), "GET"),
                new HttpRoute("/late", LateAsync, "GET"),
            ],
        });
        using var client = TestServers.Client(server);

        using var early = await client.GetAsync("/early");
        Assert.Equal(HttpStatusCode.InternalServerError, early.StatusCode);
        Assert.Equal("internal error\n", await early.Content.ReadAsStringAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/late"));
        Assert.Equal(["early", "late"], failures.Select(f => f.Message));
        Assert.Equal("ok\n", await client.GetStringAsync("/-/healthy"));

        static async Task LateAsync(HttpContext context)
        {
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("late");
        }
    }

    [Fact]
    public async Task A_path_with_two_routes_is_refused_before_anything_listens()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => TestServers.StartAsync(null, Say("/metrics", "mine")));
        await Assert.ThrowsAsync<ArgumentException>(() => TestServers.StartAsync(null, Say("/a/*", "1"), Say("/a/*", "2")));
        Assert.Throws<ArgumentException>(() => Say("relative", "x"));
        Assert.Throws<ArgumentException>(() => new HttpRoute("/x", _ => Task.CompletedTask));
    }

    [Fact]
    public async Task All_interfaces_answer_over_both_families()
    {
        await using var server = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = new MetricsListenSpec(null, 0),
            WriteFamilies = TestServers.OneGauge,
        });
        using var client = new HttpClient();
        var port = server.LocalEndPoint.Port;
        Assert.Equal("ok\n", await client.GetStringAsync($"http://127.0.0.1:{port}/-/healthy"));
        Assert.Equal("ok\n", await client.GetStringAsync($"http://127.1.2.3:{port}/-/healthy"));
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this kernel has no IPv6");
        Assert.Equal(IPAddress.IPv6Any, server.LocalEndPoint.Address);
        Assert.Equal("ok\n", await client.GetStringAsync($"http://[::1]:{port}/-/healthy"));
    }

    [Fact]
    public void Without_ipv6_all_interfaces_are_those_of_ipv4()
    {
        Assert.Equal(new IPEndPoint(IPAddress.Any, 1), new MetricsListenSpec(null, 1).Resolve(ipv6Supported: false));
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 1), new MetricsListenSpec(null, 1).Resolve(ipv6Supported: true));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 1), new MetricsListenSpec(IPAddress.Loopback, 1).Resolve(ipv6Supported: true));
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_plain_words()
    {
        await using var first = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = new MetricsListenSpec(null, 0),
            WriteFamilies = TestServers.OneGauge,
        });
        var port = first.LocalEndPoint.Port;
        await FailsAsync(new MetricsListenSpec(null, port), $"metrics port {port} on all interfaces: address already in use");
        await FailsAsync(new MetricsListenSpec(IPAddress.Loopback, port), $"metrics port {port} on 127.0.0.1: address already in use");
    }

    [Fact]
    public async Task A_foreign_address_is_said_in_plain_words()
    {
        await FailsAsync(new MetricsListenSpec(IPAddress.Parse("192.0.2.1"), 12223), "metrics port 12223 on 192.0.2.1: not an address of this host");
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this kernel has no IPv6");
        await FailsAsync(new MetricsListenSpec(IPAddress.Parse("2001:db8::1"), 12223), "metrics port 12223 on 2001:db8::1: not an address of this host");
    }

    [Fact]
    public async Task Variables_that_steer_web_hosts_do_not_steer_this_one()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var taken = $"http://{elsewhere.LocalEndpoint}";
        string[] names = ["ASPNETCORE_URLS", "DOTNET_URLS", "URLS", "Kestrel__Endpoints__Http__Url"];
        try
        {
            Array.ForEach(names, n => Environment.SetEnvironmentVariable(n, taken));
            await using var server = await TestServers.StartAsync();
            using var client = TestServers.Client(server);
            Assert.Equal("ok\n", await client.GetStringAsync("/-/healthy"));
        }
        finally
        {
            Array.ForEach(names, n => Environment.SetEnvironmentVariable(n, null));
        }
    }

    private static async Task FailsAsync(MetricsListenSpec listen, string message)
    {
        var options = new MetricsServerOptions { Listen = listen, WriteFamilies = TestServers.OneGauge };
        var failure = await Assert.ThrowsAsync<MetricsStartException>(() => MetricsServer.StartAsync(options));
        Assert.Equal(message, failure.Message);
        Assert.Equal(listen, failure.Listen);
    }

    private static HttpRoute Say(string path, string text) => new(path, c => c.Response.WriteAsync(text, Encoding.UTF8), "GET");

    private static int ContentLength(string response)
    {
        const string Name = "Content-Length: ";
        var start = response.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return int.Parse(response[start..response.IndexOf('\r', start)], CultureInfo.InvariantCulture);
    }
}
