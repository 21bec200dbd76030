using System.Globalization;
using System.Text;
using Meshpulse.Agent.Export;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.Tests.Export;

/// <summary>What strangers send to an open port; after each of them the next scraper must be served.</summary>
public class HostileRequestTests
{
    private const string Scrape = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string LastScrape = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    [Theory]
    [InlineData("GET /metrics HTTP/1.0\r\n\r\n", "200")]
    [InlineData("GET http://elsewhere.example/metrics HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n", "200")]
    [InlineData("GET /metrics HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400")]
    [InlineData("GET /metrics\r\n\r\n", "400")]
    [InlineData("GET /metrics HTTP/3.7\r\nHost: x\r\n\r\n", "505")]
    [InlineData("get /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "405")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n", "400")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: x\r\nFolded: a\r\n b\r\n\r\n", "400")]
    [InlineData("GET /metr\0ics HTTP/1.1\r\nHost: x\r\n\r\n", "400")]
    [InlineData("GET /metrics%00 HTTP/1.1\r\nHost: x\r\n\r\n", "400")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\r\n\r\n", "400")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "404")]
    [InlineData("CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example:443\r\nConnection: close\r\n\r\n", "404")]
    [InlineData("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "4")]
    [InlineData("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", "400")]
    public async Task Odd_requests_get_their_status_and_the_connection_ends(string request, string status)
    {
        await using var server = await TestServers.StartAsync();
        var response = await RawConnection.AskAsync(server.LocalEndPoint.Port, request);
        Assert.StartsWith($"HTTP/1.1 {status}", response, StringComparison.Ordinal);
        await StillServesAsync(server);
    }

    [Theory]
    [InlineData("/../../../etc/passwd")]
    [InlineData("/metrics/../../etc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/..%2f..%2fetc/passwd")]
    [InlineData("/-/..\\..\\etc\\passwd")]
    [InlineData("//metrics")]
    [InlineData("/etc/passwd%23/metrics")]
    public async Task Climbing_paths_lead_nowhere(string path)
    {
        await using var server = await TestServers.StartAsync(null, new HttpRoute("/static/*", _ => throw new InvalidOperationException("reached"), "GET"));
        foreach (var prefix in new[] { "", "/static" })
        {
            var request = $"GET {prefix}{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            var status = (await RawConnection.AskAsync(server.LocalEndPoint.Port, request)).Split(' ')[1];
            Assert.True(status == "404" || (prefix.Length > 0 && status == "500"), status);
        }
    }

    [Fact]
    public async Task Sizes_are_bounded()
    {
        await using var server = await TestServers.StartAsync();
        var port = server.LocalEndPoint.Port;
        await RefusesAsync(port, "GET /" + new string('a', 100_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", "414");
        await RefusesAsync(port, "GET /metrics HTTP/1.1\r\nHost: x\r\nA: " + new string('a', 1_000_000) + "\r\n\r\n", "431");
        var many = string.Concat(Enumerable.Range(0, 1000).Select(i => $"A{i}: b\r\n"));
        await RefusesAsync(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n" + many + "\r\n", "431");
        await StillServesAsync(server);
    }

    [Theory]
    [InlineData("GET", "Content-Length: 1000000000", "413")]
    [InlineData("GET", "Content-Length: 3", "413")]
    [InlineData("GET", "Transfer-Encoding: chunked", "413")]
    [InlineData("POST", "Content-Length: 1000000000", "405")]
    [InlineData("PUT", "Transfer-Encoding: chunked", "405")]
    public async Task A_body_is_not_waited_for(string method, string header, string status)
    {
        await using var server = await TestServers.StartAsync();
        using var connection = await RawConnection.OpenAsync(server.LocalEndPoint.Port);
        await connection.SendAsync($"{method} /metrics HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n");
        // The body never comes; the answer must.
        var answer = await connection.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_follows_an_unread_body_is_not_a_request()
    {
        await using var server = await TestServers.StartAsync();
        var answers = await RawConnection.AskAsync(
            server.LocalEndPoint.Port,
            $"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: {LastScrape.Length}\r\n\r\n{LastScrape}{LastScrape}");
        Assert.StartsWith("HTTP/1.1 405 ", answers, StringComparison.Ordinal);
        Assert.Single(answers.Split("HTTP/1.1 ")[1..]);
    }

    [Fact]
    public async Task Http2_is_not_spoken()
    {
        await using var server = await TestServers.StartAsync();
        var answer = await RawConnection.AskAsync(server.LocalEndPoint.Port, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        // Kestrel's answer is the frame that tells an HTTP/2 client so: GOAWAY (type 7) with HTTP_1_1_REQUIRED (RFC 9113 section 7).
        Assert.Equal((char)7, answer[3]);
        Assert.Equal((char)0xd, answer[^1]);
        await StillServesAsync(server);
    }

    [Fact]
    public async Task An_empty_body_is_none()
    {
        await using var server = await TestServers.StartAsync();
        var request = "GET /-/healthy HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        Assert.EndsWith("ok\n", await RawConnection.AskAsync(server.LocalEndPoint.Port, request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_on_one_connection_are_answered_in_order()
    {
        await using var server = await TestServers.StartAsync();
        var answers = await RawConnection.AskAsync(
            server.LocalEndPoint.Port,
            "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n" + LastScrape);
        var statuses = answers.Split("HTTP/1.1 ")[1..].Select(a => a[..3]);
        Assert.Equal(["200", "404", "200"], statuses);
    }

    [Fact]
    public async Task Headers_that_do_not_end_are_cut_off()
    {
        await using var server = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = TestServers.Loopback,
            WriteFamilies = TestServers.OneGauge,
            HeadersTimeout = TimeSpan.FromSeconds(1),
            // Longer: it counts for a connection until its first byte is seen.
            KeepAliveTimeout = TimeSpan.FromSeconds(6),
        });
        using var unfinished = await RawConnection.OpenAsync(server.LocalEndPoint.Port);
        await unfinished.SendAsync("GET /metrics HTTP/1.1\r\nHost:");
        using var silent = await RawConnection.OpenAsync(server.LocalEndPoint.Port);
        Assert.StartsWith("HTTP/1.1 408 ", await unfinished.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Empty(await silent.ReadToEndAsync());
        await StillServesAsync(server);
    }

    [Fact]
    public async Task Noise_ends_connections_and_nothing_else()
    {
        const ulong Seed = 0xbad5eed;
        var random = new SplitMix64(Seed);
        await using var server = await TestServers.StartAsync();
        for (var round = 0; round < 200; round++)
        {
            var noise = new byte[1 + random.Below(600)];
            for (var i = 0; i < noise.Length; i++)
            {
                noise[i] = (byte)random.Next();
            }

            using var connection = await RawConnection.OpenAsync(server.LocalEndPoint.Port);
            // Half of the rounds mutate a good request, which gets further into the parser.
            await connection.SendAsync(round % 2 == 0 ? noise : Mutate(Encoding.ASCII.GetBytes(LastScrape), noise));
            connection.CloseSending();
            var answer = await connection.ReadToEndAsync();
            Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal), $"seed {Seed:x}, round {round}: {answer}");
        }

        Assert.Equal(0, server.FailedScrapes);
        await StillServesAsync(server);
    }

    [Fact]
    public async Task Idle_connections_make_room_for_a_scraper_oldest_first()
    {
        const int Bound = 16;
        const int Strangers = 60;
        await using var server = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = TestServers.Loopback,
            WriteFamilies = TestServers.OneGauge,
            MaxConnections = Bound,
        });
        var strangers = new List<RawConnection>();
        try
        {
            for (var i = 0; i < Strangers; i++)
            {
                strangers.Add(await RawConnection.OpenAsync(server.LocalEndPoint.Port));
                // An answer settles the order in which they came; then half a request, which they leave at that.
                await strangers[i].SendAsync("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
                await strangers[i].ReadUntilAsync("\r\n\r\nok\n");
                await strangers[i].SendAsync("GET /met");
            }

            await StillServesAsync(server);
            // The oldest are cut, so their reading ends; the newest still waits for the rest of its request.
            for (var i = 0; i <= Strangers - Bound; i++)
            {
                Assert.Empty(await strangers[i].ReadToEndAsync());
            }

            await strangers[^1].SendAsync("rics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200", await strangers[^1].ReadToEndAsync(), StringComparison.Ordinal);
            var displaced = await TestServers.ReadSampleAsync(server, "meshpulse_http_displaced_connections_total");
            Assert.InRange(displaced, Strangers - Bound + 1, Strangers - Bound + 2);
        }
        finally
        {
            strangers.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task Scrapers_that_do_not_read_lose_their_pages_to_one_that_does()
    {
        const int Bound = 2;
        using var begun = new SemaphoreSlim(0);
        var large = true;
        await using var server = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = TestServers.Loopback,
            MaxScrapes = Bound,
            WriteFamilies = w =>
            {
                if (large)
                {
                    TestServers.WriteMegabytes(w);
                }

                begun.Release();
            },
        });
        var stuck = new List<RawConnection>();
        try
        {
            for (var i = 0; i < Bound + 1; i++)
            {
                stuck.Add(await RawConnection.OpenAsync(server.LocalEndPoint.Port, receiveBuffer: 4096));
                await stuck[i].SendAsync(Scrape);
                // One after the other, so that it is known who is the oldest.
                Assert.True(await begun.WaitAsync(RawConnection.Hang));
            }

            large = false;
            await StillServesAsync(server);
            Assert.Equal(2, await TestServers.ReadSampleAsync(server, "meshpulse_scrapes_total", "displaced"));
            var cut = await stuck[0].ReadToEndAsync();
            Assert.InRange(cut.Length, 1, LengthOf(cut) - 1);
        }
        finally
        {
            stuck.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task A_scraper_that_reads_too_slowly_is_cut_off()
    {
        await using var server = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = TestServers.Loopback,
            WriteFamilies = TestServers.WriteMegabytes,
            SendTimeout = TimeSpan.FromSeconds(1),
        });
        using var slow = await RawConnection.OpenAsync(server.LocalEndPoint.Port, receiveBuffer: 4096);
        await slow.SendAsync(Scrape);
        var length = LengthOf(await slow.ReadUntilAsync("\r\n\r\n"));
        var buffer = new byte[2048];
        long got = 0;
        int read;
        while ((read = await slow.ReadAsync(buffer)) > 0)
        {
            got += read;
            // The pace of a slow reader, fast enough for Kestrel's own minimum rate.
            await Task.Delay(10);
        }

        Assert.InRange(got, 1, length - 1);
    }

    [Fact]
    public async Task A_scraper_that_reads_gzip_too_slowly_is_cut_off_too()
    {
        const int Samples = 60_000;
        const int Noise = 150;
        var random = new Random(1);
        await using var server = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = TestServers.Loopback,
            WriteFamilies = w => WriteNoise(w, random, Samples, Noise),
            SendTimeout = TimeSpan.FromSeconds(1),
        });
        using var slow = await RawConnection.OpenAsync(server.LocalEndPoint.Port, receiveBuffer: 4096);
        await slow.SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n");
        _ = await slow.ReadUntilAsync("\r\n\r\n");
        var buffer = new byte[2048];
        long got = 0;
        int read;
        while ((read = await slow.ReadAsync(buffer)) > 0)
        {
            got += read;
            await Task.Delay(10);
        }

        Assert.InRange(got, 1, (Samples * Noise) - 1);
    }

    /// <summary>A page that can't be made smaller than its noise.</summary>
    private static void WriteNoise(ExpositionWriter writer, Random random, int samples, int noise)
    {
        writer.Family("noise", MetricKind.Gauge, "h");
        var bytes = new byte[noise];
        for (var i = 0L; i < samples; i++)
        {
            random.NextBytes(bytes);
            writer.Sample(i, new Label("i", Convert.ToBase64String(bytes)));
        }
    }

    private static long LengthOf(string response)
    {
        const string Name = "Content-Length: ";
        var start = response.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return long.Parse(response[start..response.IndexOf('\r', start)], CultureInfo.InvariantCulture);
    }

    private static byte[] Mutate(byte[] request, byte[] noise)
    {
        for (var i = 0; i + 1 < noise.Length && i < 6; i += 2)
        {
            request[noise[i] % request.Length] = noise[i + 1];
        }

        return request;
    }

    private static async Task RefusesAsync(int port, string request, string status)
    {
        using var connection = await RawConnection.OpenAsync(port);
        await connection.SendAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status} ", await connection.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private static async Task StillServesAsync(MetricsServer server)
    {
        var answer = await RawConnection.AskAsync(server.LocalEndPoint.Port, LastScrape);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\n", answer, StringComparison.Ordinal);
    }
}
