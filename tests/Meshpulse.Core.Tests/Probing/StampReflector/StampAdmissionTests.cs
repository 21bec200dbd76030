using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Tests.Probing.StampReflector;

public sealed class StampAdmissionTests
{
    private static readonly ReflectorLimits Small = new() { SourceRate = 100, SourceBurst = 50, TotalRate = 1_000, TotalBurst = 100 };

    [Fact]
    public void A_source_has_its_share_whatever_it_was_kept_for()
    {
        var bench = new StampBench(new StampResponderOptions { Limits = Small });
        // Ten a second from each of four ports and more and more from a fifth.
        var answered = 0;
        for (var i = 0; i < 100_000; i++, bench.Wait(0.0001))
        {
            answered += bench.Number(0, 1, StampBench.Asker.WithPort(40_000 + (i % 1_000 == 0 ? i / 1_000 % 4 : 5))) >= 0 ? 1 : 0;
        }

        Assert.InRange(answered, 1_000, 50 + 1_000 + 1);
        Assert.Equal(100_000 - answered, bench.Responder.CountOf(StampDecision.SourceLimit));
    }

    /// <summary>A flood ten thousand times as large, of sources and sessions that are all forged: not one reply less for those at work.</summary>
    [Theory]
    [InlineData(81, 1)]
    [InlineData(82, 40)]
    [InlineData(83, 4_000)]
    public void A_flood_takes_nothing_from_sessions_at_work(ulong seed, int forgers)
    {
        var random = new SplitMix64(seed);
        var bench = new StampBench(new StampResponderOptions { Limits = Small, Sessions = 8_192 }, seed);
        var workers = Enumerable.Range(1, 8).Select(i => StampBench.Node($"10.1.0.{i}:40000")).ToArray();
        var numbers = new long[workers.Length];
        Work(3);
        Array.ForEach(numbers, n => Assert.Equal(150, n));
        var before = bench.Responder.CountOf(StampDecision.Answer);
        var flooded = Work(10, Flood);
        Array.ForEach(numbers, n => Assert.Equal(650, n));
        Assert.True(flooded > 0, "the flood got nothing, though half of the total is anybody's");
        var limit = Small.TotalBurst + (Small.TotalRate * 10) + (Small.TotalRate / 8) + (2 * bench.Responder.Sessions);
        Assert.InRange(bench.Responder.CountOf(StampDecision.Answer) - before, 4_000, limit);

        // The work is 8 sessions of 50 a second, on a grid, at 20 us a step.
        long Work(int seconds, Func<int>? meanwhile = null)
        {
            var others = 0L;
            for (var i = 0; i < seconds * 50_000; i++, bench.Wait(0.000_02))
            {
                if (i % 125 == 0)
                {
                    var worker = i / 125 % workers.Length;
                    Assert.True(bench.Number(0, 1, workers[worker]) == numbers[worker]++, $"seed {seed}, step {i}: {bench.Decision}");
                }

                others += meanwhile?.Invoke() ?? 0;
            }

            return others;
        }

        int Flood()
        {
            var forger = random.Below(forgers);
            return bench.Number(0, 1, StampBench.Node($"172.16.{forger / 250}.{forger % 250}:{2_000 + random.Below(3)}")) >= 0 ? 1 : 0;
        }
    }

    [Fact]
    public void The_total_holds_and_nearly_all_of_it_is_used()
    {
        var bench = new StampBench(new StampResponderOptions { Limits = Small, Sessions = 1_024 });
        var answered = 0;
        for (var i = 0; i < 40_000; i++, bench.Wait(0.000_5))
        {
            answered += bench.Number(0, 1, StampBench.Node($"10.3.{i % 40}.1:5000")) >= 0 ? 1 : 0;
        }

        // 40 sources ask 50 times a second each, 2000 altogether, for 20 s. The quarter more that is kept for those who were first
        // lies idle: a tenth of the total.
        Assert.InRange(answered, 18_000, 20_000 + 100 + 125 + 80);
        Assert.Equal(40_000 - answered, bench.Responder.CountOf(StampDecision.TotalLimit));
    }

    [Fact]
    public void What_is_kept_for_one_who_went_is_given_back()
    {
        var table = new StampSessionTable(16, Duration.FromSeconds(900));
        var admission = new StampAdmission(Small, 1);
        var now = new MonoTime(1);
        Assert.True(table.MakeRoom(now));
        var slot = table.Add(now, StampBench.Asker, StampBench.Here, 1);
        for (var i = 0; i < 250; i++, now += Duration.FromMilliseconds(20))
        {
            table[slot].LastSeen = now;
            Assert.Equal(StampDecision.Answer, admission.Take(now, StampBench.Asker, table, slot));
            admission.Count(now, table, slot);
        }

        // 50 a second and a quarter more.
        Assert.InRange(table.Reserved, 60, 65);
        now += StampAdmission.ReserveIdle;
        for (var i = 0; i < 16; i++)
        {
            table.Sweep(now);
        }

        Assert.Equal((0L, 1), (table.Reserved, table.Count));
    }

    [Fact]
    public void Answering_allocates_nothing()
    {
        var bench = new StampBench(new StampResponderOptions
        {
            Mode = StampMode.Authenticated,
            Keys = new StampKeyRing(StampBench.Key),
            Sessions = 64,
        });
        var tlvs = new byte[100];
        var writer = new StampTlvWriter(tlvs);
        writer.AddClassOfService(3);
        writer.AddFollowUp();
        writer.AddLocation();
        writer.AddHmac(StampBench.Key, 0);
        tlvs = tlvs[..writer.Length];
        byte[][] requests = Enumerable.Range(0, 200)
            .Select(i => (byte[])[.. StampBench.Request(0, (ushort)i, 112, mode: StampMode.Authenticated), .. tlvs]).ToArray();
        Round();
        // Known sessions, new ones and refused ones.
        Assert.Equal(0, Allocations.Least(Round));
        Assert.True(bench.Responder.CountOf(StampDecision.Answer) > 64 && bench.Responder.CountOf(StampDecision.SessionLimit) > 64);

        void Round()
        {
            foreach (var request in requests)
            {
                if (bench.Decide(request, StampBench.Asker, StampBench.Here, out var reply) == StampDecision.Answer)
                {
                    bench.Responder.OnTransmitted(reply.Token, new WallTime(bench.Received));
                }

                bench.Wait(0.01);
            }
        }
    }
}
