using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Probing.UdpPing;

public sealed class RateGateTests
{
    [Fact]
    public void A_burst_passes_at_once_and_then_one_per_interval()
    {
        var gate = new RateGate(1_000, 3);
        var (whole, passed) = (new MonoTime(long.MinValue), new List<long>());
        for (long now = 5_000_000; now <= 8_000_000; now += 250_000)
        {
            for (var tries = 0; tries < 5; tries++)
            {
                if (gate.IsOpen(whole, new MonoTime(now)))
                {
                    whole = gate.Pass(whole, new MonoTime(now));
                    passed.Add(now);
                }
            }
        }

        Assert.Equal([5_000_000, 5_000_000, 5_000_000, 6_000_000, 7_000_000, 8_000_000], passed);
    }

    [Theory]
    [InlineData(31, 1)]
    [InlineData(32, 7)]
    [InlineData(33, 100)]
    public void No_stretch_of_time_sees_more_than_burst_and_rate(ulong seed, int burst)
    {
        var random = new SplitMix64(seed);
        const long Interval = 1_000;
        var gate = new RateGate(1_000_000_000 / Interval, burst);
        var (whole, now, passed) = (default(MonoTime), default(MonoTime), new List<long>());
        for (var i = 0; i < 3_000; i++)
        {
            now += new Duration(random.Below(20) == 0 ? random.Below(20_000) : random.Below(300));
            if (gate.IsOpen(whole, now))
            {
                whole = gate.Pass(whole, now);
                passed.Add(now.Nanoseconds);
            }
        }

        Assert.InRange(passed.Count, 100, 2_999);
        for (var first = 0; first < passed.Count; first++)
        {
            for (var last = first; last < passed.Count; last++)
            {
                var most = burst + ((passed[last] - passed[first]) / Interval);
                Assert.True(last - first + 1 <= most, $"seed {seed}: {last - first + 1} from {passed[first]} to {passed[last]}, not {most}");
            }
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public void What_keeps_to_the_rate_is_never_refused(ulong seed)
    {
        var random = new SplitMix64(seed);
        var gate = new RateGate(40, 5);
        var whole = default(MonoTime);
        for (var i = 0; i < 5_000; i++)
        {
            // On the grid of 25 ms, each up to one of them early.
            var now = new MonoTime((i + 4) * 25_000_000L) - new Duration(random.Below(25_000_000));
            Assert.True(gate.IsOpen(whole, now), $"seed {seed}, round {i}");
            whole = gate.Pass(whole, now);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(1_000_000_001, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1_000_001)]
    public void A_limit_that_means_nothing_is_refused(long perSecond, int burst) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RateGate(perSecond, burst));

    [Theory]
    [InlineData(1_000_000_000, 1)]
    [InlineData(1, 1_000_000)]
    [InlineData(3, 2)]
    public void The_ends_of_the_ranges_work(long perSecond, int burst)
    {
        var gate = new RateGate(perSecond, burst);
        var now = new MonoTime(1L << 60);
        var whole = gate.Pass(new MonoTime(long.MinValue), now);
        Assert.True(whole > now);
        Assert.Equal(burst > 1, gate.IsOpen(whole, now));
        Assert.True(gate.IsOpen(whole, whole));
    }
}
