using Meshpulse.Core.Time;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Sounding;

/// <summary>Copies and packets out of order are counted as the switch counts them, and are never loss.</summary>
public sealed class OrderTests
{
    private const int Count = 1_500;
    private const ulong Seed = 4_737;

    // A copy of the very last answer may come when the probe has ended.
    private const int LastPass = 100;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Reordered_packets_are_counted(bool there, bool back)
    {
        await using var path = await ProbePath.CreateAsync();
        var fault = Fault.OfPort(ProbePath.Port) with { Jitter = Duration.FromMilliseconds(4), Overtakes = true, Seed = Seed };
        path.There.Set(there ? [fault] : []);
        path.Back.Set(back ? [fault] : []);
        var summary = await path.ProbeAsync(Count, 1);
        // The reflector answers in the order in which requests come, so that replies are out of order as much as requests were.
        var expected = (there ? path.There : path.Back).Count(ProbePath.Port).Reordered;
        Assert.InRange(expected, 1, Count);
        AssertOnly(path, summary, duplicates: 0, reordered: expected);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Copies_are_counted(bool there, bool back)
    {
        await using var path = await ProbePath.CreateAsync();
        var fault = Fault.OfPort(ProbePath.Port) with { Duplicate = Pick.Chance(0.1, Seed).Between(0, Count - LastPass) };
        path.There.Set(there ? [fault] : []);
        path.Back.Set(back ? [fault] : []);
        var summary = await path.ProbeAsync(Count, 1);
        // A request that comes twice is answered twice; either answer may be doubled again.
        var copies = path.There.Count(ProbePath.Port).Duplicated + path.Back.Count(ProbePath.Port).Duplicated;
        Assert.InRange(copies, 1, Count);
        AssertOnly(path, summary, duplicates: copies, reordered: 0);
    }

    private static void AssertOnly(ProbePath path, ProbeSummary summary, long duplicates, long reordered)
    {
        var total = summary.Total;
        Assert.True((total.Duplicates, total.Reordered, total.Losses) == (duplicates, reordered, (0, 0, 0)), path.Explain(summary));
    }
}
