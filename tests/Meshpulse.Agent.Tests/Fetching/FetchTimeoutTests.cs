using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Fetching;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Fetching;

/// <summary>The timeout covers everything, and says in which phase it came.</summary>
public sealed class FetchTimeoutTests
{
    private static readonly Duration s_timeout = Duration.FromSeconds(10);

    [Fact]
    public async Task A_resolver_that_hangs_is_left_behind()
    {
        var alarms = new ManualAlarms();
        var never = new TaskCompletionSource<IPAddress[]>();
        var fetch = Fetches.FetchAsync(new Uri("http://name.test/"), new FetchSurroundings { ResolveAsync = (_, _) => never.Task, Alarms = alarms }, s_timeout);
        alarms.Advance(TimeSpan.FromSeconds(9));
        Assert.False(fetch.IsCompleted);
        alarms.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new HttpFigures(null, null, null, null, null, null, null, "timed out after 10.0 s while resolving the name"), await fetch);
    }

    [Fact]
    public async Task A_black_hole_ends_while_connecting()
    {
        using var hole = new BlackHole();
        var alarms = new ManualAlarms();
        var fetch = Fetches.FetchAsync(new Uri($"http://127.0.0.1:{hole.Port}/"), new FetchSurroundings { Alarms = alarms }, s_timeout);
        alarms.Advance(TimeSpan.FromSeconds(9));
        Assert.False(fetch.IsCompleted);
        alarms.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new HttpFigures(null, null, null, null, null, null, null, "timed out after 10.0 s while connecting"), await fetch);
    }

    [Fact]
    public async Task A_black_hole_ends_by_the_systems_timer_too()
    {
        using var hole = new BlackHole();
        var figures = await Fetches.FetchAsync(new Uri($"http://127.0.0.1:{hole.Port}/"), timeout: Duration.FromMilliseconds(100));
        Assert.Equal("timed out after 100.0 ms while connecting", figures.Failure);
    }

    [Fact]
    public async Task A_black_hole_leaves_time_for_the_next_address()
    {
        var (first, second) = (IPAddress.Parse("127.0.0.80"), IPAddress.Parse("127.0.0.79"));
        using var hole = new BlackHole(first);
        await using var server = new HostileServer(
            async side =>
            {
                await side.ReadHeadAsync();
                await side.SayAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            },
            address: second,
            port: hole.Port);
        var alarms = new ManualAlarms();
        var surroundings = Fetches.Knowing(first, second) with { Alarms = alarms };
        var fetch = Fetches.FetchAsync(server.Url(host: "name.test"), surroundings, s_timeout);
        Assert.False(fetch.IsCompleted);

        // Half of the time for each of two.
        alarms.Advance(TimeSpan.FromSeconds(6));
        var figures = await fetch;
        Assert.Equal((200, null), (figures.Status, figures.Failure));
    }

    [Fact]
    public async Task A_server_that_does_not_shake_hands_ends_in_the_handshake()
    {
        var hello = new TaskCompletionSource();
        await using var server = new HostileServer(async side =>
        {
            await side.ReadByteAsync();
            hello.SetResult();
            await side.UntilClosedAsync();
        });
        var alarms = new ManualAlarms();
        var fetch = Fetches.FetchAsync(new Uri($"https://127.0.0.1:{server.Port}/"), new FetchSurroundings { Alarms = alarms }, s_timeout);
        await hello.Task.WaitAsync(HostileServer.Hang);
        alarms.Advance(TimeSpan.FromSeconds(10));
        var figures = await fetch;

        Assert.Equal("timed out after 10.0 s in the TLS handshake", figures.Failure);
        Assert.NotNull(figures.Connect);
        Assert.Equal((null, null, null), (figures.Tls, figures.FirstByte, figures.Total));

        // And nothing of it goes on in the background.
        await server.DoneAsync();
    }

    [Theory]
    [InlineData("", "while waiting for the first byte")]
    [InlineData("H", "within the answer's head")]
    [InlineData("HTTP/1.1 200 OK\r\nServer: slow\r\n", "within the answer's head")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nslow", "within the answer's body")]
    public async Task A_server_that_falls_silent_ends_where_it_did(string answer, string where)
    {
        // The system's timer: from outside it can't be seen that a byte has been read, so nothing could put another one forward in time.
        await using var server = new HostileServer(async side =>
        {
            await side.ReadHeadAsync();
            await side.SayAsync(answer);
            await side.UntilClosedAsync();
        });
        var figures = await Fetches.FetchAsync(server.Url(host: "localhost"), timeout: Duration.FromSeconds(5));

        Assert.Equal($"timed out after 5.0 s {where}", figures.Failure);
        Assert.NotNull(figures.Resolve);
        Assert.NotNull(figures.Connect);
        Assert.Equal(answer.Length > 0, figures.FirstByte is not null);
        Assert.Equal(answer.Contains("\r\n\r\n", StringComparison.Ordinal) ? 200 : null, figures.Status);
        Assert.Null(figures.Total);
        await server.DoneAsync();
        Assert.Equal(1, server.Connections);
    }

    /// <summary>A listener that accepts nobody and whose queue is full: Linux drops every further SYN unanswered, listen(2).</summary>
    private sealed class BlackHole : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly Socket _filler = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public BlackHole(IPAddress? address = null)
        {
            // Room for one more than the backlog says.
            _listener.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
            _listener.Listen(0);
            _filler.Connect(_listener.LocalEndPoint!);

            // The filler has an answer to its SYN; once its own acknowledgement is in, it can be accepted, and the queue is full.
            Assert.True(_listener.Poll(HostileServer.Hang, SelectMode.SelectRead));
        }

        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

        public void Dispose()
        {
            _listener.Dispose();
            _filler.Dispose();
        }
    }
}
