using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Core.Tests.Probing.UdpPing;

public sealed class ReflectorLimiterTests
{
    private static readonly ReflectorLimits Small = new() { SourceRate = 100, SourceBurst = 5, TotalRate = 1_000, TotalBurst = 50, Sources = 64 };

    [Fact]
    public void One_source_has_its_share_whatever_its_ports()
    {
        var limiter = new ReflectorLimiter(Small, 1);
        var decisions = Enumerable.Range(1, 8).Select(port => limiter.Take(default, Node("10.0.0.1", port))).ToList();
        Assert.Equal([.. Enumerable.Repeat(UdpPingDecision.Answer, 5), .. Enumerable.Repeat(UdpPingDecision.SourceLimit, 3)], decisions);
        Assert.Equal(UdpPingDecision.Answer, limiter.Take(default, Node("10.0.0.2")));
        Assert.Equal(UdpPingDecision.Answer, limiter.Take(new MonoTime(10_000_000), Node("10.0.0.1")));
        Assert.Equal(UdpPingDecision.SourceLimit, limiter.Take(new MonoTime(10_000_000), Node("10.0.0.1")));
    }

    [Fact]
    public void An_ipv6_network_of_64_bits_is_one_source_and_its_neighbour_another()
    {
        var limiter = new ReflectorLimiter(Small, 1);
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(i < 5 ? UdpPingDecision.Answer : UdpPingDecision.SourceLimit, limiter.Take(default, Node($"2001:db8::{i + 1:x}:1")));
        }

        Assert.Equal(UdpPingDecision.Answer, limiter.Take(default, Node("2001:db8:0:1::1")));
        // ::1 and 0.0.0.1 would be one number.
        Assert.Equal(UdpPingDecision.Answer, limiter.Take(default, Node("::1")));
        Assert.Equal(UdpPingDecision.Answer, limiter.Take(default, Node("0.0.0.1")));
    }

    [Fact]
    public void The_total_holds_and_costs_no_source_its_share()
    {
        var limiter = new ReflectorLimiter(Small with { Sources = 1_024 }, 1);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(UdpPingDecision.Answer, limiter.Take(default, Node($"10.0.1.{i}")));
        }

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(UdpPingDecision.TotalLimit, limiter.Take(default, Node("10.0.2.1")));
        }

        // What the total refused was not counted against the source: it has its whole burst when there is room.
        var later = new MonoTime(1_000_000_000);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(UdpPingDecision.Answer, limiter.Take(later, Node("10.0.2.1")));
        }
    }

    [Fact]
    public void A_source_beyond_its_share_does_not_use_up_the_total()
    {
        var limiter = new ReflectorLimiter(Small, 1);
        for (var i = 0; i < 10_000; i++)
        {
            _ = limiter.Take(default, Node("10.0.0.1"));
        }

        for (var i = 0; i < 45; i++)
        {
            Assert.Equal(UdpPingDecision.Answer, limiter.Take(default, Node($"10.0.3.{i / 5}")));
        }
    }

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public void Under_a_flood_of_forged_sources_the_total_holds_and_the_table_does_not_grow(ulong seed)
    {
        var random = new SplitMix64(seed);
        var limiter = new ReflectorLimiter(Small, seed);
        var (answered, limited, now) = (0, 0, default(MonoTime));
        var address = new byte[4];
        Flood(10);
        (answered, limited) = (0, 0);
        var start = now;
        Assert.Equal(0, Allocations.Least(() => Flood(100_000)));
        var most = Small.TotalBurst + ((now - start).Nanoseconds / 1_000_000) + 1;
        Assert.True(answered <= most, $"seed {seed}: {answered} answers, not {most}");
        Assert.Equal(300_000, answered + limited);
        Assert.InRange(answered, most / 2, most);

        void Flood(int count)
        {
            for (var i = 0; i < count; i++)
            {
                now += new Duration(random.Below(20_000));
                BitConverter.TryWriteBytes(address, (uint)(random.Next() >> 32));
                var decision = limiter.Take(now, NodeEndpoint.FromBytes(address, 4232));
                answered += decision == UdpPingDecision.Answer ? 1 : 0;
                limited += decision != UdpPingDecision.Answer ? 1 : 0;
            }
        }
    }

    /// <summary>Where the table has room, it must say what a table without bounds says.</summary>
    [Theory]
    [InlineData(51)]
    [InlineData(52)]
    [InlineData(53)]
    public void It_agrees_with_a_gate_for_each_source(ulong seed)
    {
        var random = new SplitMix64(seed);
        var limits = Small with { Sources = 4_096 };
        var limiter = new ReflectorLimiter(limits, seed);
        var (source, total) = (new RateGate(limits.SourceRate, limits.SourceBurst), new RateGate(limits.TotalRate, limits.TotalBurst));
        var (model, totalWhole, now) = (new Dictionary<int, MonoTime>(), default(MonoTime), default(MonoTime));
        var seen = new int[9];
        for (var i = 0; i < 20_000; i++)
        {
            now += new Duration(random.Below(1_500_000));
            var host = random.Below(3) == 0 ? random.Below(2) : random.Below(200);
            var whole = model.GetValueOrDefault(host);
            var expected = !source.IsOpen(whole, now) ? UdpPingDecision.SourceLimit
                : !total.IsOpen(totalWhole, now) ? UdpPingDecision.TotalLimit : UdpPingDecision.Answer;
            if (expected == UdpPingDecision.Answer)
            {
                (model[host], totalWhole) = (source.Pass(whole, now), total.Pass(totalWhole, now));
            }

            var decision = limiter.Take(now, Node($"10.0.4.{host}"));
            Assert.True(expected == decision, $"seed {seed}, round {i}: {decision} and not {expected}");
            seen[(int)decision]++;
        }

        Assert.True(seen[(int)UdpPingDecision.Answer] > 100 && seen[(int)UdpPingDecision.SourceLimit] > 100, string.Join(' ', seen));
        Assert.Equal(0, limiter.Evictions);
    }

    [Fact]
    public void A_full_table_forgets_the_source_with_the_most_allowance_left()
    {
        var limiter = new ReflectorLimiter(Small with { Sources = 1 }, 1);
        for (var host = 1; host <= 4; host++)
        {
            for (var i = 0; i < 6 - host; i++)
            {
                Assert.Equal(UdpPingDecision.Answer, limiter.Take(default, Node($"10.0.0.{host}")));
            }
        }

        Assert.Equal(0, limiter.Evictions);
        Assert.Equal(UdpPingDecision.Answer, limiter.Take(default, Node("10.0.0.5")));
        Assert.Equal(1, limiter.Evictions);
        // 10.0.0.4 had used two of five and went; 10.0.0.1 had used all and is remembered.
        Assert.Equal(UdpPingDecision.SourceLimit, limiter.Take(default, Node("10.0.0.1")));
        // A second later everyone has it all back, and nothing is lost by forgetting.
        Assert.Equal(UdpPingDecision.Answer, limiter.Take(new MonoTime(1_000_000_000), Node("10.0.0.6")));
        Assert.Equal(1, limiter.Evictions);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_048_577)]
    public void A_table_of_no_size_is_refused(int sources) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReflectorLimiter(Small with { Sources = sources }, 1));

    private static NodeEndpoint Node(string address, int port = 40_000) => NodeEndpoint.From(System.Net.IPAddress.Parse(address), port);
}
