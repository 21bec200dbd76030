using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Statistics;

public class SlidingWindowTests
{
    [Fact]
    public void A_window_without_answers_has_no_extremes()
    {
        var window = new SlidingWindow(Duration.FromSeconds(5), Duration.FromSeconds(1));
        window.Decide(At(500), null);
        Assert.Equal(new WindowSums(1, 0, null, null), window.Read(At(1000)));
        Assert.Equal(WindowSums.Empty, window.Read(At(500)));
    }

    [Fact]
    public void The_window_agrees_with_a_list_of_everything()
    {
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var random = new SplitMix64(seed);
            var window = new SlidingWindow(Duration.FromSeconds(5), Duration.FromSeconds(1));
            var all = new List<(long At, long? Latency)>();
            for (var t = 0L; t < 60_000; t += random.Below(80) + 1)
            {
                long? latency = random.Below(3) == 0 ? null : random.Below(1000);
                window.Decide(At(t), latency is { } value ? new Duration(value) : null);
                all.Add((t, latency));
                if (t / 1000 != all[Math.Max(0, all.Count - 2)].At / 1000)
                {
                    var inside = all.Where(d => d.At / 1000 >= (t / 1000) - 5 && d.At / 1000 < t / 1000).ToList();
                    var answered = inside.Where(d => d.Latency is not null).Select(d => d.Latency!.Value).ToList();
                    var expected = new WindowSums(inside.Count, answered.Count, answered.Count == 0 ? null : new Duration(answered.Min()), answered.Count == 0 ? null : new Duration(answered.Max()));
                    Assert.True(expected == window.Read(At(t)), $"seed {seed} at {t}: {expected} and {window.Read(At(t))}");
                }
            }
        }
    }

    [Fact]
    public void A_loss_is_taken_back_where_it_was_counted_and_not_twice()
    {
        var window = new SlidingWindow(Duration.FromSeconds(5), Duration.FromSeconds(1));
        window.Decide(At(1500), null);
        window.Decide(At(3500), null);
        Assert.True(window.TakeBack(At(1500), Duration.FromMilliseconds(1600)));
        Assert.False(window.TakeBack(At(1500), Duration.FromMilliseconds(1600)));
        Assert.Equal(new WindowSums(2, 1, Duration.FromMilliseconds(1600), Duration.FromMilliseconds(1600)), window.Read(At(4000)));
        Assert.False(window.TakeBack(At(500), Duration.Zero));
    }

    private static MonoTime At(long milliseconds) => new(milliseconds * 1_000_000);
}
