using System.Net;
using System.Net.Sockets;
using System.Text;
using Meshpulse.Core.Checks;

namespace Meshpulse.Agent.Tests.Fetching;

/// <summary>Servers that answer badly, too much, or not at all.</summary>
public sealed class HostileAnswerTests
{
    private const string Hundred = "a-hundred-characters-of-a-chunk-extension-that-nobody-asked-for-and-that-are-no-part-of-any-body====";
    private const string Extension = "x=" + Hundred + Hundred + Hundred;

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n", "SSH-2.0-OpenSSH_9.6")]
    [InlineData("220 mail.example ESMTP\r\n\r\n", "220 mail.example ESMTP")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n", "2x0")]
    [InlineData("HTTP/1.1 20\r\n\r\n", "HTTP/1.1 20")]
    [InlineData("HTTP/3.7 200 OK\r\n\r\n", "HTTP/3.7 200 OK")]
    [InlineData("HTTP/1.1 099 Odd\r\n\r\n", "status 99")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n", "no colon here")]
    [InlineData("\u001b[31mred\u0007\u0000\u0085\u00ff\r\n\r\n", "?[31mred????")]
    public async Task Garbage_is_a_broken_answer_and_shown_harmlessly(string answer, string shown)
    {
        await using var server = HostileServer.Saying(answer);
        var figures = await Fetches.FetchAsync(server.Url());

        Assert.StartsWith("broken answer: ", figures.Failure, StringComparison.Ordinal);
        Assert.Contains(shown, figures.Failure, StringComparison.Ordinal);
        Assert.Null(figures.Status);
        Assert.NotNull(figures.Connect);
        Assert.NotNull(figures.FirstByte);
        Assert.Null(figures.Total);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_long_failure_is_cut()
    {
        await using var server = HostileServer.Saying($"{new string('x', 5_000)}\r\n\r\n");
        var failure = (await Fetches.FetchAsync(server.Url())).Failure!;
        Assert.Equal(200, failure.Length);
        Assert.EndsWith("x...", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no answer: connection closed")]
    [InlineData("HTT", "broken answer: connection closed within the head")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", "broken answer: connection closed within the head")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "broken answer: connection closed within the body")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nshort", "broken answer: connection closed within the body")]
    public async Task A_cut_connection_says_where(string answer, string failure)
    {
        await using var server = HostileServer.Saying(answer);
        var figures = await Fetches.FetchAsync(server.Url());

        Assert.Equal(failure, figures.Failure);
        Assert.Equal(answer.Contains("\r\n\r\n", StringComparison.Ordinal) ? 200 : null, figures.Status);
        Assert.Equal(answer.Length > 0, figures.FirstByte is not null);
        Assert.NotNull(figures.Connect);
        Assert.Null(figures.Total);

        // The library would ask again; a probe does not.
        Assert.Equal(1, server.Connections);
        Assert.Single(server.Heads);
    }

    [Fact]
    public async Task A_reset_is_told_apart()
    {
        await using var server = new HostileServer(async side =>
        {
            await side.ReadHeadAsync();

            // A stream would say goodbye first.
            side.Socket.Close(0);
        });
        var figures = await Fetches.FetchAsync(server.Url());
        Assert.Equal(("no answer: connection reset", null, null), (figures.Failure, figures.FirstByte, figures.Total));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_bad_status_outranks_what_became_of_its_body()
    {
        await using var server = HostileServer.Saying("HTTP/1.1 404 No\r\nContent-Length: 10\r\n\r\nshort");
        var figures = await Fetches.FetchAsync(server.Url());
        Assert.Equal((404, "status 404", null), (figures.Status, figures.Failure, figures.Total));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", "X-More: and more\r\n", "broken answer: the head is too long")]
    [InlineData("HTTP/1.1 200 ", "OK", "broken answer: the head is too long")]
    [InlineData("HTTP/1.1 200 OK\r\nX: ", "y", "broken answer: the head is too long")]
    [InlineData("", "HTTP/1.1 100 Wait\r\n\r\n", "broken answer: the head is too long")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", "body", null)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n", "body", null)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nbody\r\n", null)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1;" + Extension + "\r\nb\r\n", null)]
    [InlineData("HTTP/1.1 503 Busy\r\n\r\n", "body", "status 503")]
    public async Task Nothing_endless_is_read_to_its_end(string begin, string forever, string? failure)
    {
        var sent = 0L;
        await using var server = new HostileServer(async side =>
        {
            await side.ReadHeadAsync();
            await side.SayAsync(begin);
            var block = new StringBuilder().Insert(0, forever, (8192 / forever.Length) + 1).ToString();
            while (true)
            {
                // Ends as the client closes.
                await side.SayAsync(block);
                Interlocked.Add(ref sent, block.Length);
            }
        });
        var figures = await Fetches.FetchAsync(server.Url());
        await server.DoneAsync();

        Assert.Equal(failure, figures.Failure);
        Assert.Equal(failure is null || figures.Status == 503, figures.Total is not null);

        // What was read and what the kernel's buffers of both ends hold (each at most 32 MiB here, some 6 by default).
        Assert.InRange(Interlocked.Read(ref sent), 16_384, 80 * 1024 * 1024);
    }

    [Fact]
    public async Task A_body_of_exactly_the_bound_is_read()
    {
        const int bound = 1024 * 1024;
        await using var server = HostileServer.Saying($"HTTP/1.1 200 OK\r\nContent-Length: {bound}\r\n\r\n{new string('x', bound)}");
        var figures = await Fetches.FetchAsync(server.Url());
        Assert.Equal((200, null), (figures.Status, figures.Failure));
    }

    [Fact]
    public async Task A_port_where_nobody_listens_refuses()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        var figures = await Fetches.FetchAsync(new Uri($"http://127.0.0.1:{port}/"));
        Assert.Equal(new HttpFigures(null, null, null, null, null, null, null, "cannot connect to 127.0.0.1: connection refused"), figures);

        figures = await Fetches.FetchAsync(new Uri($"http://name.test:{port}/"), Fetches.Knowing(IPAddress.Loopback, IPAddress.Parse("127.0.0.77")));
        Assert.Equal("cannot connect to 127.0.0.1: connection refused; 127.0.0.77: connection refused", figures.Failure);
        Assert.NotNull(figures.Resolve);
        Assert.Null(figures.Connect);
    }

    [Fact]
    public async Task Not_more_than_eight_addresses_of_a_name_are_tried()
    {
        await using var ninth = new HostileServer(_ => Task.CompletedTask, address: IPAddress.Parse("127.0.0.209"));

        IPAddress[] addresses = [.. Enumerable.Range(201, 300).Select(i => IPAddress.Parse($"127.0.{i / 256}.{i % 256}"))];
        var figures = await Fetches.FetchAsync(new Uri($"http://name.test:{ninth.Port}/"), Fetches.Knowing(addresses));
        Assert.StartsWith("cannot connect to 127.0.0.201: connection refused; ", figures.Failure, StringComparison.Ordinal);
        Assert.EndsWith("...", figures.Failure, StringComparison.Ordinal);
        Assert.Equal(0, ninth.Connections);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_not_resolved()
    {
        // Without a name server in reach the words are others.
        var figures = await Fetches.FetchAsync(new Uri("http://no-such-host.invalid/"));
        Assert.StartsWith("cannot resolve the name: ", figures.Failure, StringComparison.Ordinal);
        Assert.Equal(new HttpFigures(null, null, null, null, null, null, null, figures.Failure), figures);
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, "cannot resolve the name: no such name")]
    [InlineData(SocketError.TryAgain, "cannot resolve the name: no name server answered")]
    [InlineData(SocketError.NoData, "cannot resolve the name: it has no address")]
    [InlineData(SocketError.Success, "cannot resolve the name: it has no address")]
    public async Task A_failed_look_up_says_why(SocketError error, string failure)
    {
        var surroundings = error == SocketError.Success
            ? Fetches.Knowing()
            : Fetches.Knowing() with { ResolveAsync = (_, _) => Task.FromException<IPAddress[]>(new SocketException((int)error)) };
        var figures = await Fetches.FetchAsync(new Uri("http://name.test/"), surroundings);
        Assert.Equal(new HttpFigures(null, null, null, null, null, null, null, failure), figures);
    }
}
