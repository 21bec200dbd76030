using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Probing;

public sealed class StallLogTests
{
    private static readonly Duration s_floor = Duration.FromMilliseconds(1);

    [Fact]
    public void A_wake_up_that_is_late_by_no_more_than_the_floor_is_no_stall()
    {
        var log = new StallLog(s_floor);
        log.Note(At(10), At(10));
        log.Note(At(10), At(11));
        log.Note(At(10), At(9));
        Assert.Equal((0, Duration.Zero, Duration.Zero), (log.Count, log.Longest, log.LongestWithin(At(0), At(100))));
    }

    [Theory]
    [InlineData(10, 90, 50)]
    [InlineData(0, 30, 10)]
    [InlineData(50, 100, 20)]
    [InlineData(30, 40, 10)]
    [InlineData(0, 20, 0)]
    [InlineData(70, 90, 0)]
    [InlineData(40, 30, 0)]
    public void Only_the_part_between_the_two_moments_counts(long from, long to, long expected)
    {
        var log = new StallLog(s_floor);
        log.Note(At(20), At(70));
        Assert.Equal(Duration.FromMilliseconds(expected), log.LongestWithin(At(from), At(to)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_answers_as_the_last_64_stalls_do(ulong seed)
    {
        var random = new SplitMix64(seed);
        var log = new StallLog(s_floor);
        var (all, now) = (new List<(MonoTime From, MonoTime To)>(), At(0));
        for (var i = 0; i < 2_000; i++)
        {
            var due = now + new Duration(random.Below(5_000_000));
            now = due + new Duration(random.Below(4_000_000));
            log.Note(due, now);
            if (now - due > s_floor)
            {
                all.Add((due, now));
            }

            var from = now - new Duration(random.Below(400_000_000));
            var to = from + new Duration(random.Below(400_000_000));
            var expected = all.TakeLast(64).Select(s => (MonoTime.Min(s.To, to) - (s.From > from ? s.From : from)).Nanoseconds).DefaultIfEmpty().Max();
            Assert.True(Math.Max(0, expected) == log.LongestWithin(from, to).Nanoseconds, $"seed {seed}, round {i}");
        }

        Assert.Equal(all.Count, log.Count);
        Assert.Equal(all.Max(s => s.To - s.From), log.Longest);
    }

    private static MonoTime At(long milliseconds) => new(milliseconds * 1_000_000);
}
