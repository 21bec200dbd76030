using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Wire.Primitives;
using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Tests.Fleet;

public sealed class FleetReaderTests
{
    private readonly ConcurrentQueue<NodeSlice> _slices = [];
    private readonly ConcurrentQueue<string> _unreachable = [];

    [Fact]
    public async Task Each_slice_of_a_peer_comes_once_and_in_order()
    {
        var board = new SliceBoard("a", TestFleet.Run);
        await using var server = await TestFleet.ServeAsync(TestFleet.Api("a", board));
        board.Publish(TestFleet.Slice("a", 1));
        await using var reader = Reader(server.LocalEndPoint.Port);
        reader.Update([TestFleet.Peer("a")], []);
        for (var number = 2; number < 20; number++)
        {
            await Eventually.TrueAsync(() => _slices.Count >= number - 1, $"slice {number - 1}");
            board.Publish(TestFleet.Slice("a", number));
        }

        await Eventually.TrueAsync(() => _slices.Count == 19, "slice 19");
        Assert.Equal(Enumerable.Range(1, 19).Select(n => (long)n), _slices.Select(s => s.Number));
        Assert.Equal((1, 1, 19L), (reader.Asked, reader.Answering, reader.Received));
        Assert.Empty(_unreachable);
    }

    [Fact]
    public async Task A_new_run_begins_anew()
    {
        var board = new SliceBoard("a", 1);
        await using var server = await TestServers.StartAsync(null, Route(async context =>
        {
            var after = long.Parse(context.Request.Query["after"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
            var run = context.Request.Query["run"] is [{ } text] ? ulong.Parse(text, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture) : (ulong?)null;
            await context.Response.Body.WriteAsync(await Volatile.Read(ref board).ReadAsync(after, run, TimeSpan.Zero, default));
        }));
        await using var reader = Reader(server.LocalEndPoint.Port);
        board.Publish(TestFleet.Slice("a", 7, run: 1));
        reader.Update([TestFleet.Peer("a")], []);
        await Eventually.TrueAsync(() => _slices.Count == 1, "the first run");
        var next = new SliceBoard("a", 2);
        next.Publish(TestFleet.Slice("a", 1, run: 2));
        Volatile.Write(ref board, next);
        await Eventually.TrueAsync(() => _slices.Count == 2, "the second run");
        Assert.Equal([(1UL, 7L), (2UL, 1L)], _slices.Select(s => (s.Run, s.Number)));
    }

    [Fact]
    public async Task With_a_key_only_signed_answers_are_believed()
    {
        var board = new SliceBoard("a", TestFleet.Run);
        board.Publish(TestFleet.Slice("a", 1));
        await using var signing = await TestFleet.ServeAsync(TestFleet.Api("a", board, TestFleet.Keys("aa01")));
        await using var open = await TestFleet.ServeAsync(TestFleet.Api("a", board));
        await using (var reader = Reader(signing.LocalEndPoint.Port, o => o with { Keys = TestFleet.Keys("aa01") }))
        {
            reader.Update([TestFleet.Peer("a")], []);
            await Eventually.TrueAsync(() => !_slices.IsEmpty, "a signed slice");
        }

        _slices.Clear();
        await using var wrong = Reader(open.LocalEndPoint.Port, o => o with { Keys = TestFleet.Keys("aa01") });
        wrong.Update([TestFleet.Peer("a")], []);
        await Eventually.TrueAsync(() => Count(wrong, AskOutcome.Wrong) > 0, "an answer that is not believed");
        await using var keyless = Reader(signing.LocalEndPoint.Port);
        keyless.Update([TestFleet.Peer("a")], []);
        await Eventually.TrueAsync(() => Count(keyless, AskOutcome.Refused) > 0, "a refusal");
        Assert.Empty(_slices);
    }

    [Fact]
    public async Task Nobody_speaks_for_somebody_else()
    {
        var board = new SliceBoard("b", TestFleet.Run);
        board.Publish(TestFleet.Slice("b", 1));
        await using var server = await TestFleet.ServeAsync(TestFleet.Api("b", board));
        await using var reader = Reader(server.LocalEndPoint.Port);
        reader.Update([TestFleet.Peer("a")], []);
        await Eventually.TrueAsync(() => Count(reader, AskOutcome.Wrong) > 0, "an answer that is not believed");
        Assert.Empty(_slices);
    }

    [Theory]
    [InlineData(200, "# HELP meshmonitor_receive_seconds\n")]
    [InlineData(404, "not found\n")]
    [InlineData(302, "")]
    public async Task An_original_is_let_be_and_not_held_to_be_unreachable(int status, string body)
    {
        var asked = 0;
        await using var server = await TestServers.StartAsync(null, Route(context =>
        {
            Interlocked.Increment(ref asked);
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return context.Response.WriteAsync(body);
        }));
        await using var reader = Reader(server.LocalEndPoint.Port, o => o with { AbsentRetry = TimeSpan.FromHours(1) });
        reader.Update([TestFleet.Peer("a")], []);
        await Eventually.TrueAsync(() => Count(reader, AskOutcome.Absent) == 1, "one answer");
        reader.Update([TestFleet.Peer("a")], []);
        Assert.Equal(1, Volatile.Read(ref asked));
        Assert.Empty(_unreachable);
    }

    [Fact]
    public async Task Who_answered_and_does_not_any_more_is_unreachable_until_it_answers_again()
    {
        var board = new SliceBoard("a", TestFleet.Run);
        board.Publish(TestFleet.Slice("a", 1));
        var server = await TestFleet.ServeAsync(TestFleet.Api("a", board));
        var port = server.LocalEndPoint.Port;
        await using var reader = Reader(port);
        reader.Update([TestFleet.Peer("a")], []);
        await Eventually.TrueAsync(() => _slices.Count == 1, "the first slice");
        await server.DisposeAsync();
        await Eventually.TrueAsync(() => _unreachable.Count >= 2, "unreachable");
        Assert.All(_unreachable, name => Assert.Equal("a", name));

        await using var again = await ServeAtAsync("127.0.0.1", port, [.. TestFleet.Api("a", board).Routes]);
        board.Publish(TestFleet.Slice("a", 2));
        await Eventually.TrueAsync(() => _slices.Count == 2, "the second slice");
    }

    /// <summary>As a killed process does, whose kernel still takes connections: some are reset before the library asks them for their address.</summary>
    [Fact]
    public async Task Who_resets_connections_as_soon_as_they_stand_is_asked_on()
    {
        var board = new SliceBoard("a", TestFleet.Run);
        board.Publish(TestFleet.Slice("a", 1));
        var server = await TestFleet.ServeAsync(TestFleet.Api("a", board));
        var port = server.LocalEndPoint.Port;
        await using var reader = Reader(port, o => o with { Retry = TimeSpan.FromMilliseconds(1), LongestRetry = TimeSpan.FromMilliseconds(1) });
        reader.Update([TestFleet.Peer("a")], []);
        await Eventually.TrueAsync(() => _slices.Count == 1, "the first slice");
        await server.DisposeAsync();
        using (var resetting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            resetting.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            resetting.Bind(new IPEndPoint(IPAddress.Loopback, port));
            resetting.Listen();
            for (var i = 0; i < 300; i++)
            {
                var reset = await resetting.AcceptAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.Hang);
                reset.LingerState = new LingerOption(true, 0);
                reset.Dispose();
            }
        }

        Assert.True(Count(reader, AskOutcome.Unreachable) + Count(reader, AskOutcome.Broken) > 0);
        await using var again = await ServeAtAsync("127.0.0.1", port, [.. TestFleet.Api("a", board).Routes]);
        board.Publish(TestFleet.Slice("a", 2));
        await Eventually.TrueAsync(() => _slices.Count == 2, "the second slice");
    }

    [Fact]
    public async Task Who_left_in_order_is_not_unreachable()
    {
        var board = new SliceBoard("a", TestFleet.Run);
        board.Publish(TestFleet.Slice("a", 1, leaving: true));
        var server = await TestFleet.ServeAsync(TestFleet.Api("a", board));
        await using var reader = Reader(server.LocalEndPoint.Port);
        reader.Update([TestFleet.Peer("a")], []);
        await Eventually.TrueAsync(() => !_slices.IsEmpty, "the last slice");
        await server.DisposeAsync();
        await Eventually.TrueAsync(() => Count(reader, AskOutcome.Unreachable) >= 2, "nobody there");
        Assert.Empty(_unreachable);
    }

    [Fact]
    public async Task A_peer_that_hangs_floods_or_talks_nonsense_harms_no_other()
    {
        // One address for each: they are told apart by it, as all have one port.
        var board = new SliceBoard("127.77.1.1", TestFleet.Run);
        await using var good = await ServeAtAsync("127.77.1.1", 0, [.. TestFleet.Api("127.77.1.1", board).Routes]);
        var port = good.LocalEndPoint.Port;
        await using var hanging = await ServeAtAsync("127.77.1.2", port, Route(c => Task.Delay(Timeout.Infinite, c.RequestAborted)));
        await using var flooding = await ServeAtAsync("127.77.1.3", port, Route(FloodAsync));
        await using var senseless = await ServeAtAsync("127.77.1.4", port, Route(c => c.Response.WriteAsync("{\"version\":1,\"slices\":[{}]}")));
        await using var dripping = await ServeAtAsync("127.77.1.5", port, Route(DripAsync));
        await using var reader = Reader(port, o => o with { MaxBytes = 100_000, Patience = TimeSpan.FromMilliseconds(500), Wait = TimeSpan.FromMilliseconds(200) });
        reader.Update([.. Enumerable.Range(1, 5).Select(i => At($"127.77.1.{i}"))], []);
        for (var number = 1; number <= 10; number++)
        {
            board.Publish(TestFleet.Slice("127.77.1.1", number));
            await Eventually.TrueAsync(() => _slices.Count == number, $"slice {number}");
        }

        await Eventually.TrueAsync(() => _unreachable.Contains("127.77.1.2") && _unreachable.Contains("127.77.1.5"), "who hangs is unreachable");
        await Eventually.TrueAsync(() => Count(reader, AskOutcome.Absent) + Count(reader, AskOutcome.Wrong) >= 2, "nonsense is noticed");
    }

    [Fact]
    public async Task Who_is_not_there_any_more_is_not_asked()
    {
        await using var server = await TestFleet.ServeAsync(TestFleet.Api("a"));
        await using var reader = Reader(server.LocalEndPoint.Port);
        reader.Update([TestFleet.Peer("a"), TestFleet.Peer("b")], []);
        Assert.Equal(2, reader.Asked);
        reader.Update([TestFleet.Peer("a")], []);
        Assert.Equal(1, reader.Asked);
    }

    private static FleetPeer At(string address) => new(address, NodeEndpoint.From(IPAddress.Parse(address), 12_222));

    private static HttpRoute Route(RequestDelegate handler) => new(FleetApi.SlicesPath, handler, HttpMethods.Get);

    private static Task<MetricsServer> ServeAtAsync(string address, int port, params HttpRoute[] routes) => MetricsServer.StartAsync(
        new MetricsServerOptions { Listen = new MetricsListenSpec(IPAddress.Parse(address), port), WriteFamilies = TestServers.OneGauge, Routes = routes });

    private static async Task FloodAsync(HttpContext context)
    {
        var chunk = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        }
    }

    private static async Task DripAsync(HttpContext context)
    {
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(" ", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(20, context.RequestAborted);
        }
    }

    private static long Count(FleetReader reader, AskOutcome outcome) => reader.Outcomes.Single(o => o.Outcome == outcome).Count;

    private FleetReader Reader(int port, Func<FleetReaderOptions, FleetReaderOptions>? change = null)
    {
        var options = new FleetReaderOptions { Port = port, Pace = TimeSpan.FromMilliseconds(1), Retry = TimeSpan.FromMilliseconds(20), LongestRetry = TimeSpan.FromMilliseconds(100) };
        return new FleetReader(change?.Invoke(options) ?? options, (slice, _) => _slices.Enqueue(slice), (name, _) => _unreachable.Enqueue(name));
    }
}
