using Meshpulse.Core.Time;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Paths;

/// <summary>A check by STAMP tells how long each direction takes, under equal clocks.</summary>
public sealed class DelayTests
{
    // What switch and machine add; the switch is never early, and stamps differ by microseconds.
    private const double Room = 7_000;
    private const double Least = 50;

    [Theory]
    [InlineData(5, 20, false)]
    [InlineData(20, 5, true)]
    public async Task Unequal_delays_are_told_as_they_are(int there, int back, bool v6)
    {
        await using var pair = await PathPair.CreateAsync("interval = 5", v6);
        pair.There.Set(new Fault { Delay = Duration.FromMilliseconds(there) });
        pair.Back.Set(new Fault { Delay = Duration.FromMilliseconds(back) });
        await pair.StartTargetAsync();
        await pair.StartSourceAsync("--json");
        await pair.AnswersAsync(500);
        var reading = await pair.ReadingAsync(
            r => IsNear(r, "forward_us", there) && IsNear(r, "backward_us", back) && IsNear(r, "rtt_us", there + back), "with these delays");

        // What nobody can know without another clock: the interval is as wide as the round trip, and so unsure each direction is.
        Assert.True(reading["offset_us", "low"] <= 0 && 0 <= reading["offset_us", "high"], $"{reading}");
        Assert.InRange(reading["one_way_bound_us"]!.Value, 0, (1_000 * (there + back)) + Room);
        Assert.All(pair.Readings, r => Assert.True(r["forward_us", "min"] is null || r["forward_us", "min"] >= (1_000 * there) - Least, $"{r}"));
        Assert.All(pair.Readings, r => Assert.True(r["backward_us", "min"] is null || r["backward_us", "min"] >= (1_000 * back) - Least, $"{r}"));
        var tally = await pair.SettleAsync();
        Assert.Equal((0d, 0d, 0d), tally.Losses);
        Assert.Equal(0, tally.Steps);
        await pair.Asking.StopAsync();
    }

    private static bool IsNear(PathReading reading, string name, double milliseconds) =>
        reading[name, "min"] is { } min && reading[name, "p50"] is { } median
        && min >= (1_000 * milliseconds) - Least && median >= 1_000 * milliseconds && median <= (1_000 * milliseconds) + Room;
}
