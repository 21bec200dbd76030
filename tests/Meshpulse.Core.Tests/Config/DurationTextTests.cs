using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Config;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("500us", 500_000)]
    [InlineData("500µs", 500_000)]
    [InlineData("500μs", 500_000)]
    [InlineData("25ms", 25_000_000)]
    [InlineData("25 ms", 25_000_000)]
    [InlineData("1.5s", 1_500_000_000)]
    [InlineData("0.1s", 100_000_000)]
    [InlineData("2m", 120_000_000_000)]
    [InlineData("1h", 3_600_000_000_000)]
    [InlineData("7d", 604_800_000_000_000)]
    [InlineData("3ns", 3)]
    [InlineData("0s", 0)]
    [InlineData("9223372036854775807ns", long.MaxValue)]
    public void A_number_and_a_unit_make_a_duration(string text, long nanoseconds)
    {
        Assert.True(DurationText.TryParse(text, out var value, out var problem), problem);
        Assert.Equal(nanoseconds, value.Nanoseconds);
    }

    [Theory]
    [InlineData("", "is no duration; it is a number with a unit, as in 500us, 25ms, 5s, 2m, 1h")]
    [InlineData("s", "is no duration; it is a number with a unit, as in 500us, 25ms, 5s, 2m, 1h")]
    [InlineData("1e3s", "has no known unit; there are ns, us, ms, s, m, h, d")]
    [InlineData("1.2.3s", "is no duration; it is a number with a unit, as in 500us, 25ms, 5s, 2m, 1h")]
    [InlineData("+1s", "is no duration; it is a number with a unit, as in 500us, 25ms, 5s, 2m, 1h")]
    [InlineData("25", "has no unit, as in \"25ms\" or \"25s\"")]
    [InlineData("25MS", "has no known unit; there are ns, us, ms, s, m, h, d")]
    [InlineData("1s ", "has no known unit; there are ns, us, ms, s, m, h, d")]
    [InlineData("300000000d", "is longer than 292 years")]
    [InlineData("9999999999999999999999999s", "is longer than 292 years")]
    [InlineData("99999999999999999999999999s", "has too many digits")]
    public void Anything_else_is_told_why(string text, string expected)
    {
        Assert.False(DurationText.TryParse(text, out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void What_is_printed_is_read_as_the_same()
    {
        const ulong Seed = 7;
        var random = new SplitMix64(Seed);
        for (var i = 0; i < 2_000; i++)
        {
            var value = new Duration((long)(random.Next() >> (1 + random.Below(62))) * (random.Below(2) == 0 ? 1 : 1_000));
            if (value.Nanoseconds < 0)
                continue;
            var text = DurationText.Format(value);
            Assert.True(DurationText.TryParse(text, out var again, out _) && again == value, $"seed {Seed}: {value.Nanoseconds} printed {text}");
        }

        Assert.Equal("90s", DurationText.Format(Duration.FromSeconds(90)));
        Assert.Equal("0s", DurationText.Format(Duration.Zero));
    }
}
