using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Sounding;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Agent.Tests.Sounding;

public sealed class SoundingRunTests
{
    private static readonly StampKeyRing s_keys = Ring("00112233");

    // Where something is lost, the run waits as long for it.
    private static readonly Duration s_forLosses = Duration.FromSeconds(5);

    [Fact]
    public async Task Every_packet_is_sent_once_and_flows_take_turns()
    {
        using var reflector = new TestReflector(Plain).Start();
        var result = await RunAsync(Options(reflector) with { Count = 50, Flows = 8 });

        Assert.Equal(50, reflector.Seen);
        Assert.Equal(new SoundingCounts(50, 50, 0, 0, 0, 0, 0, 0), result.Counts);
        Assert.Equal([7, 7, 6, 6, 6, 6, 6, 6], result.Flows.Select(f => f.Counts.Sent));
        Assert.Equal(8, result.Flows.Select(f => f.SourcePort).Distinct().Count());
        Assert.True(result.KnowsSessionIds);
        Assert.Equal(0, result.Restarts);
        Assert.Equal(50, result.Stamps.SendKernel + result.Stamps.SendUser);
        Assert.Equal(50, result.Stamps.ReceiveKernel + result.Stamps.ReceiveUser);
        Assert.True(result.Offset.Contains(Duration.Zero), $"{result.Offset}");
    }

    [Fact]
    public async Task Losses_are_told_apart_by_direction()
    {
        using var reflector = new TestReflector(Plain)
        {
            Script = n => n is 5 or 6 or 20 ? Fate.LoseForward : n is 10 or 30 or 31 or 32 ? Fate.LoseBackward : n is 40 ? Fate.AnswerTwice : Fate.Answer,
        }.Start();
        var counts = (await RunAsync(Options(reflector) with { Count = 60, Timeout = s_forLosses })).Counts;

        Assert.Equal(new SoundingCounts(60, 53, 0, 3, 4, 0, 1, 0), counts);
    }

    [Fact]
    public async Task What_follows_the_last_reply_is_lost_where_nobody_can_know()
    {
        using var reflector = new TestReflector(Plain) { Script = n => n >= 15 ? Fate.LoseForward : Fate.Answer }.Start();
        Assert.Equal(new SoundingCounts(20, 15, 0, 0, 0, 5, 0, 0), (await RunAsync(Options(reflector) with { Count = 20, Timeout = s_forLosses })).Counts);
    }

    [Fact]
    public async Task A_flow_that_learnt_that_the_target_counts_tells_the_others()
    {
        // Flow 0 loses one forward, which proves the count; flow 1 loses one backward, which alone proves nothing.
        using var reflector = new TestReflector(Plain) { Script = n => n == 4 ? Fate.LoseForward : n == 5 ? Fate.LoseBackward : Fate.Answer }.Start();
        var result = await RunAsync(Options(reflector) with { Count = 20, Flows = 2, Timeout = s_forLosses });

        Assert.Equal(new SoundingCounts(10, 9, 0, 1, 0, 0, 0, 0), result.Flows[0].Counts);
        Assert.Equal(new SoundingCounts(10, 9, 0, 0, 1, 0, 0, 0), result.Flows[1].Counts);
    }

    [Fact]
    public async Task A_reflector_that_restarts_loses_nothing()
    {
        using var reflector = new TestReflector(Plain) { Script = n => n == 20 ? Fate.RestartAndAnswer : Fate.Answer }.Start();
        var result = await RunAsync(Options(reflector) with { Count = 40 });

        Assert.Equal(new SoundingCounts(40, 40, 0, 0, 0, 0, 0, 0), result.Counts);
        Assert.Equal(1, result.Restarts);
    }

    [Fact]
    public async Task Without_a_count_at_the_other_end_no_direction_is_claimed()
    {
        using var reflector = new TestReflector(() => new StampResponder(new StampResponderOptions { Stateless = true }, 1))
        {
            Script = n => n == 5 ? Fate.LoseForward : n == 9 ? Fate.LoseBackward : Fate.Answer,
        }.Start();
        Assert.Equal(new SoundingCounts(20, 18, 0, 0, 0, 2, 0, 0), (await RunAsync(Options(reflector) with { Count = 20, Timeout = s_forLosses })).Counts);
    }

    [Fact]
    public async Task With_a_key_only_signed_replies_are_believed()
    {
        using var reflector = new TestReflector(() => Signed(s_keys)).Start();
        var options = Options(reflector) with { Count = 10, Size = 200 };
        Assert.Equal(10, (await RunAsync(options with { Keys = s_keys })).Counts.Answered);

        var wrong = await RunAsync(options with { Keys = Ring("44556677"), Timeout = Duration.FromMilliseconds(100) });
        Assert.Equal((10L, 0L, 10L), (wrong.Counts.Sent, wrong.Counts.Answered, wrong.Counts.LostUnknown));
    }

    [Fact]
    public async Task A_clock_that_is_ahead_is_within_the_bound()
    {
        var ahead = Duration.FromSeconds(3);
        using var reflector = new TestReflector(Plain) { Offset = ahead }.Start();
        var result = await RunAsync(Options(reflector) with { Count = 30 });

        Assert.True(result.Offset.IsBounded && result.Offset.Contains(ahead), $"{result.Offset}");
        Assert.True(result.Forward!.Max < 1_000 && result.Backward!.Max < 1_000, $"{result.Forward} {result.Backward}");
    }

    [Fact]
    public async Task Twamp_needs_no_session_ids()
    {
        using var reflector = new TestReflector(Plain) { Script = n => n == 3 ? Fate.LoseForward : Fate.Answer }.Start();
        foreach (var size in new[] { 14, 0, 100 })
        {
            var result = await RunAsync(Options(reflector) with { Count = 10, Protocol = SoundingProtocol.Twamp, Size = size, Timeout = s_forLosses });
            Assert.Equal(10, result.Counts.Sent);
            Assert.Equal(size == 14 ? 9 : 10, result.Counts.Answered);
            Assert.Null(result.KnowsSessionIds);
        }
    }

    [Fact]
    public async Task Pings_of_mehsh_have_round_trips_and_no_direction()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var thread = new Thread(() => AnswerPings(socket, lost: 5)) { IsBackground = true };
        thread.Start();
        var target = NodeEndpoint.From(IPAddress.Loopback, ((IPEndPoint)socket.LocalEndPoint!).Port);
        var result = await RunAsync(new SoundingOptions
        {
            Target = target,
            Protocol = SoundingProtocol.UdpPing,
            Count = 20,
            Interval = Duration.FromMilliseconds(1),
            Timeout = s_forLosses,
            Flows = 2,
        });
        socket.Close();
        thread.Join();

        Assert.Equal(new SoundingCounts(20, 19, 0, 0, 0, 1, 0, 0), result.Counts);
        Assert.NotNull(result.RoundTrip);
        Assert.Null(result.Forward);
        Assert.False(result.Offset.IsBounded);
    }

    [Fact]
    public async Task Nobody_there_is_no_answer_and_the_run_ends()
    {
        using var unused = new TestReflector(Plain) { Script = _ => Fate.LoseForward }.Start();
        var result = await RunAsync(Options(unused) with { Count = 5, Timeout = Duration.FromMilliseconds(50) });
        Assert.Equal(new SoundingCounts(5, 0, 0, 0, 0, 5, 0, 0), result.Counts);
        Assert.Null(result.RoundTrip);
    }

    [Fact]
    public async Task A_stop_ends_the_sending_and_waits_for_what_is_under_way()
    {
        using var stop = new CancellationTokenSource();
        using var reflector = new TestReflector(Plain)
        {
            Script = n =>
            {
                if (n == 9)
                {
                    stop.Cancel();
                }

                return Fate.Answer;
            },
        }.Start();
        using var run = new SoundingRun(Options(reflector));
        var result = await run.RunAsync(stop.Token);

        Assert.True(result.Counts.Sent >= 10);
        Assert.Equal(result.Counts.Sent, result.Counts.Answered);
        Assert.Equal(reflector.Seen, result.Counts.Sent);
    }

    private static SoundingOptions Options(TestReflector reflector) => new()
    {
        Target = reflector.Endpoint,
        Interval = Duration.FromMilliseconds(1),
        // Longer than any stall of a busy machine: a run ends as soon as all is answered.
        Timeout = Duration.FromSeconds(30),
    };

    private static async Task<SoundingResult> RunAsync(SoundingOptions options)
    {
        using var run = new SoundingRun(options);
        var result = await run.RunAsync(CancellationToken.None);
        var counts = result.Counts;
        Assert.Equal(counts.Sent, counts.Answered + counts.Late + counts.Lost);
        return result;
    }

    private static StampResponder Plain() => new(new StampResponderOptions(), 1);

    private static StampResponder Signed(StampKeyRing keys) =>
        new(new StampResponderOptions { Mode = StampMode.Authenticated, Keys = keys }, 1);

    private static StampKeyRing Ring(string hex)
    {
        Assert.True(StampKey.TryParse(hex, out var key));
        return new StampKeyRing(key);
    }

    private static void AnswerPings(Socket socket, int lost)
    {
        var buffer = new byte[2_048];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            for (var number = 0; ; number++)
            {
                var length = socket.ReceiveFrom(buffer, ref from);
                Assert.Equal(UdpPingError.None, UdpPingWire.TryRead(buffer.AsSpan(0, length), out var request));
                if (number != lost)
                {
                    length = UdpPingWire.WriteResponse(buffer, request.Id, length);
                    _ = socket.SendTo(buffer, 0, length, SocketFlags.None, from);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
