using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Tests.Probing.StampReflector;

public sealed class StampRefusalTests
{
    [Fact]
    public void A_reply_is_as_long_as_its_request_or_44_bytes()
    {
        var bench = new StampBench();
        for (var length = 0; length < 200; length++)
        {
            var reply = bench.Ask(StampBench.Request()[..Math.Min(44, length)].Concat(new byte[Math.Max(0, length - 44)]).ToArray());
            Assert.Equal(length < 14 ? 0 : Math.Max(44, length), reply.Length);
        }

        Assert.Equal(14, bench.Responder.CountOf(StampDecision.TooShort));
        Assert.Equal(65_507, bench.Ask(StampBench.Request(0, 1, 65_507)).Length);
    }

    [Fact]
    public void An_authenticated_reply_is_never_longer_than_its_request()
    {
        var bench = new StampBench(new StampResponderOptions { Mode = StampMode.Authenticated, Keys = new StampKeyRing(StampBench.Key) });
        for (var length = 0; length < 200; length++)
        {
            Assert.Equal(length < 112 ? 0 : length, bench.Ask(StampBench.Request(0, 1, length, mode: StampMode.Authenticated)).Length);
        }
    }

    [Theory]
    [InlineData("10.0.0.1:0")]
    [InlineData("10.0.0.1:7")]
    [InlineData("10.0.0.1:19")]
    [InlineData("10.0.0.1:1023")]
    [InlineData("0.0.0.0:5000")]
    [InlineData("[::]:5000")]
    [InlineData("255.255.255.255:5000")]
    [InlineData("239.1.2.3:5000")]
    [InlineData("[ff02::1]:5000")]
    [InlineData("10.0.0.9:862")]
    public void Nobody_groups_services_and_ourselves_are_not_answered(string source)
    {
        var bench = new StampBench();
        Assert.Empty(bench.Ask(StampBench.Request(), StampBench.Node(source)));
        Assert.Equal((StampDecision.Source, 1L, 0), (bench.Decision, bench.Responder.CountOf(StampDecision.Source), bench.Responder.Sessions));
    }

    [Theory]
    [InlineData("10.0.0.1:862")]
    [InlineData("10.0.0.1:1024")]
    [InlineData("127.0.0.1:65535")]
    [InlineData("[fe80::1]:5000")]
    public void Senders_are_answered_whatever_their_port(string source) =>
        Assert.Equal(0, new StampBench().Number(0, 1, StampBench.Node(source)));

    [Fact]
    public void Only_allowed_networks_are_answered()
    {
        Assert.True(AddressNetwork.TryParse("10.0.0.0/30", out var four));
        Assert.True(AddressNetwork.TryParse("2001:db8::/32", out var six));
        var bench = new StampBench(new StampResponderOptions { Allow = [four, six] });
        Assert.Equal(0, bench.Number(0, 1, StampBench.Node("10.0.0.3:5000")));
        Assert.Equal(0, bench.Number(0, 1, StampBench.Node("[2001:db8:1::1]:5000")));
        Assert.Equal(-1, bench.Number(0, 1, StampBench.Node("10.0.0.4:5000")));
        Assert.Equal(-1, bench.Number(0, 1, StampBench.Node("[2001:db9::1]:5000")));
        Assert.Equal(2, bench.Responder.CountOf(StampDecision.NotAllowed));
    }

    [Fact]
    public void A_zero_multiplier_is_corruption()
    {
        var bench = new StampBench();
        var request = StampBench.Request();
        request[13] = 0;
        Assert.Empty(bench.Ask(request));
        Assert.Equal(StampDecision.ErrorEstimate, bench.Decision);
    }

    /// <summary>Wherever a reply has a time, in both formats, up to the window's edges.</summary>
    [Theory]
    [InlineData(StampMode.Unauthenticated, 16)]
    [InlineData(StampMode.Unauthenticated, 28)]
    [InlineData(StampMode.Authenticated, 32)]
    [InlineData(StampMode.Authenticated, 64)]
    public void A_time_near_now_where_only_replies_have_one_is_a_reply(StampMode mode, int offset)
    {
        var bench = new StampBench(new StampResponderOptions { Mode = mode, Keys = new StampKeyRing(StampBench.Key) });
        foreach (var format in new[] { StampTimestampFormat.Ntp, StampTimestampFormat.Ptp })
        {
            foreach (var (distance, answered) in new[] { (0L, false), (37, false), (-599, false), (600, false), (-600, false), (601, true), (-601, true), (86_400, true) })
            {
                var request = StampBench.Request(0, 1, StampWire.LengthOf(mode), mode: mode);
                var time = StampTimestamp.FromNanoseconds(bench.Received + (distance * 1_000_000_000), format);
                System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(request.AsSpan(offset), time.Bits);
                if (mode == StampMode.Authenticated)
                {
                    StampMac.SignPacket(StampBench.Key, request);
                }

                Assert.Equal(answered, bench.Ask(request).Length > 0);
                Assert.Equal(answered ? StampDecision.Answer : StampDecision.Reply, bench.Decision);
            }
        }

        Assert.Equal(10, bench.Responder.CountOf(StampDecision.Reply));
        Assert.Equal(1, bench.Responder.Sessions);
    }

    /// <summary>In 2036 the zeros of every request are a time near now.</summary>
    [Fact]
    public void Zeros_are_no_time()
    {
        var bench = new StampBench { Received = 2_085_978_496L * 1_000_000_000 };
        Assert.Equal(0, bench.Number());
    }

    /// <summary>
    /// Reflectors that hear each other's every word, with clocks that are right, wrong or strange, and a relay that sends everything back; fed with
    /// requests and replies in each other's name. Whatever is forged ends after two rounds.
    /// </summary>
    [Theory]
    [InlineData(61, StampMode.Unauthenticated, false)]
    [InlineData(62, StampMode.Unauthenticated, true)]
    [InlineData(63, StampMode.Authenticated, false)]
    [InlineData(64, StampMode.Authenticated, true)]
    public void No_storm_can_be_started(ulong seed, StampMode mode, bool stateless)
    {
        var random = new SplitMix64(seed);
        var nodes = Enumerable.Range(1, 5).Select(i => StampBench.Node($"10.0.0.{i}:862")).ToArray();
        // The last one is the relay, with no clock at all.
        long[] skew = [0, 37, 86_400 * 365, -3_600];
        var benches = skew.Select((s, i) => new StampBench(
            new StampResponderOptions
            {
                Mode = mode,
                Keys = new StampKeyRing(StampBench.Key),
                Stateless = stateless,
                Format = (StampTimestampFormat)(i % 2),
                Limits = new ReflectorLimits { SourceBurst = 1_000_000, TotalBurst = 1_000_000 },
            },
            seed)
        { Received = StampBench.Second0 + (s * 1_000_000_000) }).ToArray();
        var wire = new Queue<(int From, int To, byte[] Bytes, int Depth)>();
        for (var i = 0; i < 500; i++)
        {
            var (from, to) = (random.Below(5), random.Below(4));
            // A request of any age, which may have been written by any clock.
            var at = StampBench.Second0 + (skew[random.Below(4)] * 1_000_000_000);
            var length = mode == StampMode.Authenticated ? 112 + random.Below(60) : 14 + random.Below(100);
            wire.Enqueue((from, to, StampBench.Request((uint)i, (ushort)random.Below(3), length, at, mode), 0));
        }

        var deepest = 0;
        for (var carried = 0; wire.TryDequeue(out var flight); carried++)
        {
            Assert.True(carried <= 5_000, $"seed {seed}: a storm");
            deepest = Math.Max(deepest, flight.Depth);
            var reply = flight.To == 4 ? flight.Bytes : benches[flight.To].Ask(flight.Bytes, nodes[flight.From], nodes[flight.To]);
            if (reply.Length > 0)
            {
                wire.Enqueue((flight.To, flight.From, reply, flight.Depth + 1));
            }

            foreach (var bench in benches)
            {
                bench.Wait(1e-5);
            }
        }

        Assert.InRange(deepest, 1, 3);
        Assert.True(benches.Sum(b => b.Responder.CountOf(StampDecision.Answer)) > 300, $"seed {seed}");
    }

    /// <summary>Whatever is thrown at a reflector, and whoever is said to have thrown it.</summary>
    [Theory]
    [InlineData(71, StampMode.Unauthenticated)]
    [InlineData(72, StampMode.Unauthenticated)]
    [InlineData(73, StampMode.Authenticated)]
    public void Nothing_throws_nothing_grows_and_every_datagram_is_counted_once(ulong seed, StampMode mode)
    {
        var random = new SplitMix64(seed);
        var bench = new StampBench(new StampResponderOptions { Mode = mode, Keys = new StampKeyRing(StampBench.MakeKey(3), StampBench.Key), Sessions = 256 }, seed);
        for (var i = 0; i < 30_000; i++, bench.Wait(0.001))
        {
            bench.TrafficClass = (byte)random.Next();
            var datagram = Mutation(random, mode);
            var reply = bench.Ask(datagram, Source(random), random.Below(9) == 0 ? default : StampBench.Here);
            Assert.True(reply.Length == 0 || reply.Length == Math.Max(datagram.Length, StampWire.LengthOf(mode)), $"seed {seed}, round {i}: {datagram.Length} bytes got {reply.Length}");
            Assert.True((bench.Decision == StampDecision.Answer) == (reply.Length > 0), $"seed {seed}, round {i}");
            Assert.InRange(bench.Reply.Dscp, 0, 63);
            if (reply.Length > 0)
            {
                Assert.Equal(StampError.None, StampReflectorView.TryCreate(reply, mode, out var view));
                Assert.True(datagram.AsSpan(0, 4).SequenceEqual(BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(view.SenderSequence))));
                // What comes back is never answered, from wherever it seems to come.
                var answered = bench.Ask(reply, Source(random)).Length > 0;
                Assert.False(answered, $"seed {seed}, round {i}: a reply was answered");
            }
        }

        var answers = bench.Responder.CountOf(StampDecision.Answer);
        Assert.InRange(answers, 3_000, 29_000);
        Assert.True(bench.Responder.CountOf(StampDecision.SessionLimit) > 10, "the table was never full");
        Assert.Equal(30_000 + answers, Enum.GetValues<StampDecision>().Sum(bench.Responder.CountOf));
    }

    [Fact]
    public void A_short_buffer_is_the_callers_mistake()
    {
        var responder = new StampResponder(new StampResponderOptions(), 1);
        var arrival = new StampArrival(default, default, StampBench.Asker, StampBench.Here);
        Assert.ThrowsAny<ArgumentException>(() => responder.Decide(arrival, new byte[14], new byte[43], out _));
        Assert.ThrowsAny<ArgumentException>(() => responder.Decide(arrival, new byte[101], new byte[100], out _));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        foreach (var options in new StampResponderOptions[]
        {
            new() { Sessions = 15 }, new() { Sessions = (1 << 20) + 1 }, new() { SessionIdle = Duration.FromMilliseconds(999) },
            new() { ReplyWindow = new Duration(-1) }, new() { ReplyWindow = Duration.FromSeconds(86_401) }, new() { Mode = StampMode.Authenticated },
            new() { Limits = new ReflectorLimits { TotalRate = 0 } }, new() { Limits = new ReflectorLimits { Sources = 0 } },
        })
        {
            Assert.ThrowsAny<ArgumentException>(() => new StampResponder(options, 1));
        }
    }

    /// <summary>A request, plain or with TLVs, cut, lengthened, with some bits flipped; or noise.</summary>
    private static byte[] Mutation(SplitMix64 random, StampMode mode)
    {
        var (tlvs, area) = (new byte[120], 0);
        var writer = new StampTlvWriter(tlvs);
        for (var i = random.Below(4); i > 0; i--)
        {
            switch (random.Below(6))
            {
                case 0: writer.AddClassOfService(random.Below(64)); break;
                case 1: writer.AddDirectMeasurement((uint)random.Next()); break;
                case 2: writer.AddFollowUp(); break;
                case 3: writer.AddTimestampInformation(); break;
                case 4: writer.AddExtraPadding(random.Below(5)); break;
                default: writer.Add((StampTlvType)random.Below(256), [1, 2, 3]); break;
            }
        }

        if (random.Below(2) == 0)
        {
            writer.AddHmac(StampBench.Key, 5);
        }

        area = writer.Length;
        for (var flips = random.Below(8) - 4; flips > 0; flips--)
        {
            tlvs[random.Below(120)] ^= (byte)(1 << random.Below(8));
        }

        byte[] bytes = [.. StampBench.Request(5, (ushort)random.Below(4), StampWire.LengthOf(mode), mode: mode), .. tlvs.AsSpan(0, area)];
        for (var flips = random.Below(10) - 7; flips > 0; flips--)
        {
            bytes[random.Below(bytes.Length)] ^= (byte)(1 << random.Below(8));
        }

        return random.Below(5) == 0 ? bytes[..random.Below(bytes.Length + 1)] : bytes;
    }

    private static NodeEndpoint Source(SplitMix64 random)
    {
        var address = new byte[random.Below(4) == 0 ? 16 : 4];
        address[0] = new byte[] { 10, 10, 10, 10, 0, 32, 239, 255 }[random.Below(8)];
        address[^1] = (byte)random.Below(4);
        return NodeEndpoint.FromBytes(address, random.Below(20) == 0 ? random.Below(65_536) : 862 + (1_000 * random.Below(3)));
    }
}
