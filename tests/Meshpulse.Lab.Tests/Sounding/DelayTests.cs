using Meshpulse.Core.Time;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Sounding;

/// <summary>
/// Delays are told for each direction. Never shorter than they are; longer by what the switch and the machine add, for which the bounds leave room.
/// </summary>
public sealed class DelayTests
{
    private const double Least = 0.05;
    private const double Room = 7;

    [Theory]
    [InlineData(5, 20, false)]
    [InlineData(20, 5, false)]
    [InlineData(5, 20, true)]
    public async Task Unequal_delays_under_equal_clocks_are_told_as_they_are(int there, int back, bool v6)
    {
        await using var path = await ProbePath.CreateAsync();
        path.There.Set(new Fault { Delay = Duration.FromMilliseconds(there) });
        path.Back.Set(new Fault { Delay = Duration.FromMilliseconds(back) });
        var summary = await path.ProbeAsync(600, 4, v6: v6);
        AssertNear(summary, "forward_ms", there);
        AssertNear(summary, "backward_ms", back);
        AssertNear(summary, "rtt_ms", there + back);
        // What nobody can know without another clock: the interval is as wide as the round trip.
        summary.AssertOffset(Duration.Zero, Duration.FromMilliseconds(there + back + (int)Room));
        Assert.Equal(0, summary["clock_steps"]);
        Assert.Equal((0, 0, 0), summary.Total.Losses);
    }

    [Fact]
    public async Task Jitter_belongs_to_its_direction()
    {
        await using var path = await ProbePath.CreateAsync();
        path.Back.Set(new Fault { Delay = Duration.FromMilliseconds(5), Jitter = Duration.FromMilliseconds(100), Seed = 8, Overtakes = true });
        var summary = await path.ProbeAsync(600, 4);
        // Evenly distributed from 5 to 105 ms on the way back.
        Assert.InRange(summary.Delay("backward_ms", "p50"), 35, 75 + Room);
        Assert.InRange(summary.Delay("backward_ms", "p90"), 80, 105 + Room);
        Assert.InRange(summary.Delay("forward_ms", "p50"), 0, Room);
        Assert.Equal((0, 0, 0), summary.Total.Losses);
    }

    private static void AssertNear(ProbeSummary summary, string name, double expected)
    {
        Assert.InRange(summary.Delay(name, "min"), expected - Least, expected + Room);
        Assert.InRange(summary.Delay(name, "p50"), expected, expected + Room);
    }
}
