using Meshpulse.Core.Time;
using Meshpulse.Lab.Switching;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Lab.Sounding;

/// <summary>The clocks' offset is an interval that holds the truth, and a clock that is wrong is never latency.</summary>
public sealed class ClockTests
{
    // The step is five seconds, and nothing that takes as long as this is answered in time.
    private const double Timeout = 2_000;

    // An idle path's best round trip is a fraction of a millisecond; the bound is for busy machines.
    private static readonly Duration s_width = Duration.FromMilliseconds(10);

    [Theory]
    [InlineData(0, false)]
    [InlineData(3_600_000, true)]
    [InlineData(-250, true)]
    [InlineData(-250, false)]
    public async Task A_shifted_clock_is_within_the_interval(long milliseconds, bool followsUp)
    {
        var offset = Duration.FromMilliseconds(milliseconds);
        await using var path = await ProbePath.CreateBareAsync();
        using var reflector = await ClockedReflector.StartAsync(path.Target, followsUp, _ => offset);
        var summary = await path.ProbeAsync(1_000, 1);
        summary.AssertOffset(offset, s_width);
        Assert.Equal(followsUp, summary.FollowedUp > 0);
        AssertNoStep(summary, 0);
    }

    [Fact]
    public async Task A_shift_is_told_under_delay_too_as_far_as_anybody_can()
    {
        var offset = Duration.FromMilliseconds(-700);
        await using var path = await ProbePath.CreateBareAsync();
        path.There.Set(new Fault { Delay = Duration.FromMilliseconds(5) });
        path.Back.Set(new Fault { Delay = Duration.FromMilliseconds(20) });
        using var reflector = await ClockedReflector.StartAsync(path.Target, followsUp: true, _ => offset);
        var summary = await path.ProbeAsync(500, 2);
        summary.AssertOffset(offset, Duration.FromMilliseconds(25) + s_width);
        // The true delays are off by half the interval at most.
        Assert.InRange(summary.Delay("forward_ms", "p50"), 0, 25 + s_width.Milliseconds);
        Assert.InRange(summary.Delay("backward_ms", "p50"), 0, 25 + s_width.Milliseconds);
        Assert.InRange(summary.Delay("rtt_ms", "min"), 25, 25 + s_width.Milliseconds);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(-100, false)]
    public async Task A_drifting_clock_is_within_the_interval_at_the_end(int partsPerMillion, bool followsUp)
    {
        await using var path = await ProbePath.CreateBareAsync();
        var start = SystemClocks.Mono();
        using var reflector = await ClockedReflector.StartAsync(
            path.Target, followsUp, clock => Duration.FromSeconds(2) + ((clock.Now - start) * partsPerMillion / 1_000_000));
        // 400 microseconds in 4 s: several times what the path leaves open where the machine is idle.
        var summary = await path.ProbeAsync(2_000, 2);
        summary.AssertOffset(reflector.Offset, s_width);
        Assert.Equal(followsUp, summary.FollowedUp > 0);
        AssertNoStep(summary, 0);
    }

    [Theory]
    [InlineData(5_000, false, false)]
    [InlineData(-5_000, false, true)]
    [InlineData(5_000, true, true)]
    [InlineData(-5_000, true, false)]
    public async Task A_step_is_no_latency_and_the_interval_holds_what_came_after_it(long milliseconds, bool inMidAnswer, bool followsUp)
    {
        var (before, step) = (Duration.FromMilliseconds(40), Duration.FromMilliseconds(milliseconds));
        await using var path = await ProbePath.CreateBareAsync();
        using var reflector = await ClockedReflector.StartAsync(
            path.Target,
            followsUp,
            clock => clock.Number > 700 || (clock.Number == 700 && (clock.IsSending || !inMidAnswer)) ? before + step : before);
        var summary = await path.ProbeAsync(1_500, 2);
        Assert.Equal(before + step, reflector.Offset);
        summary.AssertOffset(before + step, s_width);
        Assert.Equal(followsUp, summary.FollowedUp > 0);
        AssertNoStep(summary, 1);
    }

    private static void AssertNoStep(ProbeSummary summary, long steps)
    {
        Assert.Equal(steps, summary["clock_steps"]);
        foreach (var name in (string[])["rtt_ms", "forward_ms", "backward_ms"])
        {
            Assert.InRange(summary.Delay(name, "max"), 0, Timeout);
            Assert.InRange(summary.Delay(name, "p50"), 0, 200);
        }
    }
}
