using System.Collections.Concurrent;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using Meshpulse.Agent.Fetching;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Fetching;

public sealed class HttpFetcherTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    [Fact]
    public async Task An_answer_has_a_status_and_its_phases()
    {
        await using var server = HostileServer.Saying(Ok);
        var figures = await Fetches.FetchAsync(server.Url());

        Assert.Equal((200, null), (figures.Status, figures.Failure));
        Assert.NotNull(figures.Connect);
        Assert.NotNull(figures.FirstByte);
        Assert.NotNull(figures.Total);
        Assert.Equal((null, null, null), (figures.Resolve, figures.Tls, figures.CertificateDays));
    }

    [Fact]
    public async Task A_name_is_looked_up_and_timed()
    {
        await using var server = HostileServer.Saying(Ok);
        var figures = await Fetches.FetchAsync(server.Url(host: "localhost"));

        Assert.Equal((200, null), (figures.Status, figures.Failure));
        Assert.NotNull(figures.Resolve);
        Assert.Contains($"\r\nHost: localhost:{server.Port}\r\n", Assert.Single(server.Heads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_IPv6_address_in_brackets_is_fetched_from()
    {
        await using var server = new HostileServer(
            async side =>
            {
                await side.ReadHeadAsync();
                await side.SayAsync(Ok);
            },
            address: IPAddress.IPv6Loopback);
        var figures = await Fetches.FetchAsync(server.Url());

        Assert.Equal((200, null, null), (figures.Status, figures.Failure, figures.Resolve));
        Assert.Contains($"\r\nHost: [::1]:{server.Port}\r\n", Assert.Single(server.Heads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_request_says_what_it_must_and_nothing_else()
    {
        await using var server = HostileServer.Saying("HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
        using var fetcher = Fetches.Fetcher();
        var url = new UriBuilder(server.Url("/a/b?c=d#e")) { UserName = "user", Password = "secret" }.Uri;
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("status 401", (await fetcher.FetchAsync(url, Fetches.Patient, 0, CancellationToken.None)).Failure);
        }

        Assert.Equal(2, server.Connections);
        Assert.Equal(2, server.Heads.Count);
        Assert.All(server.Heads, head =>
        {
            var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal("GET /a/b?c=d HTTP/1.1", lines[0]);
            Assert.Equal(["Accept: */*", "Connection: close", $"Host: 127.0.0.1:{server.Port}", "User-Agent: meshpulse/1.2.3"], lines[1..].Order(StringComparer.Ordinal));
        });
    }

    [Theory]
    [InlineData("200 OK", 200, null)]
    [InlineData("204 Nothing", 204, null)]
    [InlineData("301 Elsewhere", 301, null)]
    [InlineData("399", 399, null)]
    [InlineData("400 Bad", 400, "status 400")]
    [InlineData("404 Not Found", 404, "status 404")]
    [InlineData("500 Oh", 500, "status 500")]
    [InlineData("999 What", 999, "status 999")]
    [InlineData("101 Switching Protocols", 101, "status 101")]
    public async Task A_status_of_2xx_or_3xx_is_an_answer_and_any_other_a_loss(string line, int status, string? failure)
    {
        await using var server = HostileServer.Saying($"HTTP/1.1 {line}\r\nLocation: /else\r\nContent-Length: 0\r\n\r\n");
        var figures = await Fetches.FetchAsync(server.Url());

        Assert.Equal((status, failure), (figures.Status, figures.Failure));
        Assert.NotNull(figures.Connect);
        Assert.NotNull(figures.FirstByte);
        Assert.NotNull(figures.Total);
        Assert.Single(server.Heads);
    }

    [Fact]
    public async Task An_interim_answer_is_not_the_answer()
    {
        await using var server = HostileServer.Saying($"HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n{Ok}");
        Assert.Equal((200, null), await StatusAndFailureAsync(server));
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nuntil the end")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")]
    public async Task Bodies_are_read_as_they_come(string answer)
    {
        await using var server = HostileServer.Saying(answer);
        Assert.Equal((200, null), await StatusAndFailureAsync(server));
    }

    [Fact]
    public async Task The_connection_is_closed_once_the_answer_is_there()
    {
        await using var server = new HostileServer(async side =>
        {
            await side.ReadHeadAsync();
            await side.SayAsync(Ok);
            await side.UntilClosedAsync();
        });
        Assert.Equal((200, null), await StatusAndFailureAsync(server));
        await server.DoneAsync();
    }

    [Fact]
    public async Task Fetches_at_the_same_time_get_answers_and_connections_of_their_own()
    {
        await using var server = new HostileServer(async side =>
        {
            var head = await side.ReadHeadAsync();
            await side.SayAsync($"HTTP/1.1 {head.Split(' ')[1][1..]} X\r\nContent-Length: 0\r\n\r\n");
        });
        using var fetcher = Fetches.Fetcher();
        var statuses = Enumerable.Range(200, 100).ToList();
        var figures = await Task.WhenAll(statuses.Select(s => fetcher.FetchAsync(server.Url($"/{s}"), Fetches.Patient, 0, CancellationToken.None)));

        Assert.Equal(statuses.Select(s => (int?)s), figures.Select(f => f.Status));
        Assert.All(figures, f => Assert.Null(f.Failure));
        Assert.Equal(statuses.Count, server.Connections);
    }

    [Fact]
    public async Task The_environments_proxy_is_not_asked()
    {
        // The process's proxy, as HTTP_PROXY would set it, for one name only: other tests run beside this one.
        var before = HttpClient.DefaultProxy;
        var proxy = new OneNameProxy();
        HttpClient.DefaultProxy = proxy;
        try
        {
            await using var server = HostileServer.Saying(Ok);
            var figures = await Fetches.FetchAsync(server.Url(host: OneNameProxy.Name), Fetches.Knowing(IPAddress.Loopback));
            Assert.Equal((200, null), (figures.Status, figures.Failure));
            Assert.Equal(0, proxy.Asked);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [Theory]
    [InlineData("127.0.0.1", 46)]
    [InlineData("127.0.0.1", 0)]
    [InlineData("127.0.0.1", 63)]
    [InlineData("::1", 46)]
    [InlineData("::1", 8)]
    public async Task The_code_point_is_on_the_first_packet(string address, int dscp)
    {
        // TCP_SAVE_SYN and TCP_SAVED_SYN, tcp(7): the IP header with which a connection began.
        const int tcp = 6, saveSyn = 27, savedSyn = 28;
        var seen = new ConcurrentQueue<int>();
        await using var server = new HostileServer(
            async side =>
            {
                var packet = new byte[128];
                var length = side.Socket.GetRawSocketOption(tcp, savedSyn, packet);
                seen.Enqueue(length < 20 ? -1 : packet[0] >> 4 == 4 ? packet[1] : ((packet[0] & 15) << 4) | (packet[1] >> 4));
                await side.ReadHeadAsync();
                await side.SayAsync(Ok);
            },
            address: IPAddress.Parse(address),
            prepare: listener => listener.SetRawSocketOption(tcp, saveSyn, BitConverter.GetBytes(1)));
        var figures = await Fetches.FetchAsync(server.Url(), dscp: dscp);

        Assert.Null(figures.Failure);
        Assert.Equal(dscp, Assert.Single(seen) >> 2);
    }

    [Fact]
    public async Task The_addresses_are_tried_in_their_order_until_one_connects()
    {
        await using var server = HostileServer.Saying(Ok);
        var refusing = IPAddress.Parse("127.0.0.77");
        var figures = await Fetches.FetchAsync(server.Url(host: "name.test"), Fetches.Knowing(refusing, IPAddress.Loopback.MapToIPv6()));
        Assert.Equal((200, null), (figures.Status, figures.Failure));
        Assert.NotNull(figures.Resolve);

        // And where the first connects, the others are left alone.
        await using var other = new HostileServer(_ => Task.CompletedTask, address: IPAddress.Parse("127.0.0.78"), port: server.Port);
        Assert.Equal(200, (await Fetches.FetchAsync(server.Url(host: "name.test"), Fetches.Knowing(IPAddress.Loopback, IPAddress.Parse("127.0.0.78")))).Status);
        Assert.Equal(0, other.Connections);
    }

    [Fact]
    public async Task A_cancelled_fetch_throws()
    {
        var asked = new TaskCompletionSource();
        await using var server = new HostileServer(async side =>
        {
            await side.ReadHeadAsync();
            asked.SetResult();
            await side.UntilClosedAsync();
        });
        using var fetcher = Fetches.Fetcher();
        using var stop = new CancellationTokenSource();
        var fetch = fetcher.FetchAsync(server.Url(), Fetches.Patient, 0, stop.Token);
        await asked.Task.WaitAsync(HostileServer.Hang);
        await stop.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch.WaitAsync(HostileServer.Hang));
        Assert.Equal(stop.Token, thrown.CancellationToken);
        await server.DoneAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetcher.FetchAsync(server.Url(), Fetches.Patient, 0, stop.Token));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Disposing_ends_what_is_under_way()
    {
        var asked = new TaskCompletionSource();
        await using var server = new HostileServer(async side =>
        {
            await side.ReadHeadAsync();
            asked.SetResult();
            await side.UntilClosedAsync();
        });
        var fetcher = Fetches.Fetcher();
        var fetch = fetcher.FetchAsync(server.Url(), Fetches.Patient, 0, CancellationToken.None);
        await asked.Task.WaitAsync(HostileServer.Hang);
        fetcher.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch.WaitAsync(HostileServer.Hang));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => fetcher.FetchAsync(server.Url(), Fetches.Patient, 0, CancellationToken.None));
        fetcher.Dispose();
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/", 1_000, 0)]
    [InlineData("/path", 1_000, 0)]
    [InlineData("http://127.0.0.1/", 0, 0)]
    [InlineData("http://127.0.0.1/", -1, 0)]
    [InlineData("http://127.0.0.1/", 3_600_001, 0)]
    [InlineData("http://127.0.0.1/", 1_000, -1)]
    [InlineData("http://127.0.0.1/", 1_000, 64)]
    public async Task What_cannot_be_fetched_is_the_callers_mistake(string url, long milliseconds, int dscp)
    {
        using var fetcher = Fetches.Fetcher();
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => fetcher.FetchAsync(new Uri(url, UriKind.RelativeOrAbsolute), Duration.FromMilliseconds(milliseconds), dscp, CancellationToken.None));
    }

    [Fact]
    public void A_version_is_a_token()
    {
        new HttpFetcher("0.1.0-dev+abc").Dispose();
        Assert.Throws<FormatException>(() => new HttpFetcher("1.0\r\nX: y"));
        Assert.Throws<ArgumentException>(() => new HttpFetcher(""));
    }

    private static async Task<(int? Status, string? Failure)> StatusAndFailureAsync(HostileServer server)
    {
        var figures = await Fetches.FetchAsync(server.Url());
        return (figures.Status, figures.Failure);
    }

    private sealed class OneNameProxy : IWebProxy
    {
        public const string Name = "proxied.test";

        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : new Uri("http://127.0.0.1:9/");

        public bool IsBypassed(Uri host)
        {
            if (host.Host != Name)
            {
                return true;
            }

            Interlocked.Increment(ref _asked);
            return false;
        }
    }
}
