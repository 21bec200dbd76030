using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Tests.Probing.StampReflector;

public sealed class StampSessionTests
{
    [Fact]
    public void Each_session_is_numbered_from_0()
    {
        var bench = new StampBench();
        var (source, local) = (StampBench.Asker, StampBench.Here);
        (ushort Ssid, NodeEndpoint Source, NodeEndpoint Local)[] sessions =
        [
            (1, source, local), (2, source, local), (0, source, local), (1, source.WithPort(40_001), local), (1, source, local.WithPort(863)),
            (1, StampBench.Node("10.0.0.2:40000"), local), (1, source, StampBench.Node("10.0.0.8:862")), (1, StampBench.Node("[::a00:1]:40000"), local),
        ];
        for (var round = 0; round < 3; round++)
        {
            Assert.All(sessions, s => Assert.Equal(round, bench.Number(77, s.Ssid, s.Source, s.Local)));
        }

        Assert.Equal(sessions.Length, bench.Responder.Sessions);
        Assert.Equal(24, bench.Responder.CountOf(StampDecision.Answer));
    }

    [Fact]
    public void Only_what_was_transmitted_has_a_number()
    {
        var bench = new StampBench();
        Assert.Equal(0, bench.Number());
        Assert.Equal(1, bench.Number());
        var second = bench.Reply.Token;
        Assert.Equal(2, bench.Number());
        bench.Responder.Abandon(second);
        Assert.Equal(3, bench.Number());
        bench.Responder.Abandon(bench.Reply.Token);
        bench.Responder.Abandon(bench.Reply.Token);
        Assert.Equal(3, bench.Number());
        Assert.Equal(4, bench.Number());
    }

    [Fact]
    public void A_session_ends_after_its_idle_time_and_its_tokens_with_it()
    {
        var bench = new StampBench();
        Assert.Equal(0, bench.Number());
        bench.Wait(899.999);
        Assert.Equal(1, bench.Number());
        var old = bench.Reply.Token;
        bench.Wait(900);
        Assert.Equal(0, bench.Number());
        Assert.Equal((1, 1L), (bench.Responder.Sessions, bench.Responder.SessionsExpired));
        bench.Responder.Abandon(old);
        bench.Responder.OnTransmitted(old, new WallTime(1));
        var reply = bench.Ask([.. StampBench.Request(), .. StampBench.Hex("80070010 00000000000000000000000000000000")]);
        Assert.Equal(1, reply[3]);
        Assert.All(reply[48..], b => Assert.Equal(0, b));
    }

    [Fact]
    public void Sessions_that_nobody_asks_for_are_swept_out()
    {
        var bench = new StampBench(new StampResponderOptions { Sessions = 64, SessionIdle = Duration.FromSeconds(10) });
        for (var i = 0; i < 32; i++)
        {
            Assert.Equal(0, bench.Number(0, (ushort)(i + 1)));
        }

        bench.Wait(10);
        for (var i = 0; i < 64; i++)
        {
            Assert.Equal(i, bench.Number(0, 999));
        }

        Assert.Equal((1, 32L), (bench.Responder.Sessions, bench.Responder.SessionsExpired));
    }

    /// <summary>Random padding where the session id would be must not make a session of each packet.</summary>
    [Fact]
    public void Padding_of_twamp_is_no_session_id()
    {
        var bench = new StampBench();
        for (var i = 0; i < 100; i++)
        {
            var request = StampBench.Request(0, (ushort)(i * 7), 60);
            Array.Fill(request, (byte)0x55, 16, 44);
            Assert.Equal(i, bench.Ask(request)[3]);
        }

        Assert.Equal(1, bench.Responder.Sessions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_fails_a_check_makes_no_session_and_uses_no_number(bool known)
    {
        var bench = new StampBench(new StampResponderOptions { Mode = StampMode.Authenticated, Keys = new StampKeyRing(StampBench.Key), Limits = new ReflectorLimits { SourceBurst = 3, SourceRate = 1 } });
        var good = StampBench.Request(0, 1, 112, mode: StampMode.Authenticated);
        if (known)
        {
            Assert.Equal(112, bench.Ask(good).Length);
        }

        var bad = (byte[])good.Clone();
        bad[111] ^= 1;
        for (var i = 0; i < 50; i++)
        {
            Assert.Empty(bench.Ask(bad));
            Assert.Equal(StampDecision.Mac, bench.Decision);
            Assert.Empty(bench.Ask(StampBench.Request(0, 1, 112, mode: StampMode.Authenticated, key: StampBench.MakeKey(1))));
            Assert.Equal(StampDecision.Mac, bench.Decision);
        }

        Assert.Equal(known ? 1 : 0, bench.Responder.Sessions);
        Assert.Equal(known ? 1 : 0, bench.Ask(good)[3]);
    }

    [Fact]
    public void Keys_are_rolled_without_a_gap()
    {
        var (old, next) = (StampBench.MakeKey(1), StampBench.MakeKey(2));
        var bench = new StampBench(new StampResponderOptions { Mode = StampMode.Authenticated, Keys = new StampKeyRing(old, next) });
        for (var i = 0; i < 6; i++)
        {
            var key = i % 2 == 0 ? old : next;
            var reply = bench.Ask(StampBench.Request(0, 1, 112, mode: StampMode.Authenticated, key: key));
            Assert.True(StampMac.TryVerifyPacket(new StampKeyRing(key), reply, out _));
            Assert.Equal(i, reply[3]);
        }
    }

    /// <summary>A flood of single packets takes no more room than it gives back, and pushes nobody out.</summary>
    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void A_flood_of_new_sessions_neither_ends_the_old_nor_shuts_out_the_next(ulong seed)
    {
        var random = new SplitMix64(seed);
        var bench = new StampBench(new StampResponderOptions { Sessions = 256 }, seed);
        var steady = Enumerable.Range(1, 8).Select(i => StampBench.Node($"10.1.0.{i}:40000")).ToArray();
        for (var i = 0; i < 1_000; i++, bench.Wait(0.02))
        {
            Assert.Equal(i, bench.Number(0, 1, steady[0]));
        }

        var late = 0;
        for (var i = 0; i < 120_000; i++, bench.Wait(0.001))
        {
            _ = bench.Number((uint)i, (ushort)random.Below(65_536), StampBench.Node($"172.16.{random.Below(256)}.{random.Below(256)}:{1_024 + random.Below(60_000)}"));
            Assert.InRange(bench.Responder.Sessions, 1, 256);
            if (i % 20 == 0)
            {
                Assert.Equal(1_000 + (i / 20), bench.Number(0, 1, steady[0]));
            }

            // Newcomers once a second, each until it was let in, and then never let go.
            if (i % 100 == 50)
            {
                foreach (var node in steady.AsSpan(1))
                {
                    late += bench.Number(0, 1, node) >= 0 ? 1 : 0;
                }
            }
        }

        Assert.True(bench.Responder.CountOf(StampDecision.SessionLimit) > 10_000, "the flood was none");
        Assert.InRange(late, 7 * 1_100, 7 * 1_200);
        foreach (var node in steady)
        {
            Assert.True(bench.Number(0, 1, node) > 100, $"seed {seed}: {node} was forgotten");
        }
    }

    /// <summary>Against a dictionary that knows everything.</summary>
    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    [InlineData(43)]
    public void Numbers_agree_with_a_model(ulong seed)
    {
        var random = new SplitMix64(seed);
        var bench = new StampBench(new StampResponderOptions { Sessions = 512, SessionIdle = Duration.FromSeconds(60) }, seed);
        var model = new Dictionary<(int, int, int), (uint Next, MonoTime Last)>();
        var fresh = 0;
        for (var i = 0; i < 20_000; i++)
        {
            bench.Wait(random.Below(100) == 0 ? 30 * random.NextDouble() : 0.2 * random.NextDouble());
            var id = (random.Below(6), random.Below(3), random.Below(4));
            var known = model.TryGetValue(id, out var session) && bench.Now - session.Last < Duration.FromSeconds(60);
            var expected = known ? session.Next : 0;
            fresh += known ? 0 : 1;
            var number = bench.Number(9, (ushort)id.Item3, StampBench.Node($"10.2.0.{id.Item1}:2000"), StampBench.Here.WithPort(862 + id.Item2));
            Assert.True(expected == number, $"seed {seed}, round {i}: {number} and not {expected}");
            var taken = random.Below(10) == 0;
            if (taken)
            {
                bench.Responder.Abandon(bench.Reply.Token);
            }

            model[id] = (expected + (taken ? 0u : 1u), bench.Now);
        }

        Assert.True(fresh > 100 && bench.Responder.SessionsExpired > 50, $"{fresh} {bench.Responder.SessionsExpired}");
        Assert.Equal(0, bench.Responder.SessionsEvicted);
    }
}
