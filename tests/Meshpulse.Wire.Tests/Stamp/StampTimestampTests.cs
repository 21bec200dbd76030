using Meshpulse.Wire.Stamp;

namespace Meshpulse.Wire.Tests.Stamp;

public sealed class StampTimestampTests
{
    private const long Second = 1_000_000_000;
    private const long Now = 1_700_000_000 * Second;

    [Theory]
    [InlineData(0, "e8fe6f8000000000")]
    [InlineData(1, "e8fe6f8000000004")]
    [InlineData(123_456_789, "e8fe6f801f9add37")]
    [InlineData(250_000_000, "e8fe6f8040000000")]
    [InlineData(500_000_000, "e8fe6f8080000000")]
    [InlineData(999_999_999, "e8fe6f80fffffffb")]
    public void Ntp_has_the_golden_bits(int fraction, string expected) =>
        AssertBits(Now + fraction, StampTimestampFormat.Ntp, expected);

    /// <summary>V9: UTC seconds, and TAI where the caller adds its 37.</summary>
    [Theory]
    [InlineData(0, "6553f100075bcd15")]
    [InlineData(37, "6553f125075bcd15")]
    public void Ptp_has_the_golden_bits(int leap, string expected) =>
        AssertBits(Now + (leap * Second) + 123_456_789, StampTimestampFormat.Ptp, expected);

    [Theory]
    [InlineData(StampTimestampFormat.Ntp, 1)]
    [InlineData(StampTimestampFormat.Ptp, 2)]
    public void Every_nanosecond_comes_back(StampTimestampFormat format, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200_000; i++)
        {
            var moment = random.NextInt64(long.MinValue, long.MaxValue);
            // Anything nearer than half a turn, of 2^32 s.
            var reference = (long)Int128.Clamp((Int128)moment + random.NextInt64(-(Second << 31) + 1, Second << 31), long.MinValue, long.MaxValue);
            Assert.True(StampTimestamp.FromNanoseconds(moment, format).TryGetNanoseconds(format, reference, out var back));
            Assert.True(moment == back, $"seed {seed}: {moment} came back as {back} by {reference}");
        }
    }

    [Fact]
    public void The_nanoseconds_of_a_second_come_back_one_by_one_at_its_edges()
    {
        for (var i = -100_000; i <= 100_000; i++)
        {
            _ = StampTimestamp.FromNanoseconds(Now + i, StampTimestampFormat.Ntp).TryGetNanoseconds(StampTimestampFormat.Ntp, Now, out var back);
            Assert.Equal(Now + i, back);
        }
    }

    [Fact]
    public void Ntp_comes_round_in_2036_and_the_reference_tells_which_turn_is_meant()
    {
        // 2036-02-07T06:28:16Z.
        const long turn = 2_085_978_496 * Second;
        AssertBits(turn - 1, StampTimestampFormat.Ntp, "fffffffffffffffb");
        AssertBits(turn, StampTimestampFormat.Ntp, "0000000000000000");
        foreach (var (moment, reference) in new[] { (turn - 1, turn + Second), (turn, turn - Second), (turn + 1, Now), (Now, turn + (10 * Second)) })
        {
            Assert.True(StampTimestamp.FromNanoseconds(moment, StampTimestampFormat.Ntp).TryGetNanoseconds(StampTimestampFormat.Ntp, reference, out var back));
            Assert.Equal(moment, back);
        }

        Assert.True(new StampTimestamp(0).TryGetNanoseconds(StampTimestampFormat.Ntp, -2_208_988_800 * Second, out var epoch));
        Assert.Equal(-2_208_988_800 * Second, epoch);
    }

    [Fact]
    public void Any_bits_have_a_moment_within_half_a_turn_or_none()
    {
        var random = new Random(3);
        for (var i = 0; i < 100_000; i++)
        {
            var timestamp = new StampTimestamp((ulong)random.NextInt64(long.MinValue, long.MaxValue));
            var reference = random.NextInt64(-Second << 32, Second << 32);
            Assert.True(timestamp.TryGetNanoseconds(StampTimestampFormat.Ntp, reference, out var moment));
            Assert.InRange(moment - reference, -(Second << 31), Second << 31);
            Assert.Equal((uint)timestamp.Bits < Second, timestamp.TryGetNanoseconds(StampTimestampFormat.Ptp, reference, out moment));
        }

        foreach (var reference in new[] { long.MinValue, long.MaxValue })
        {
            for (var i = 0; i < 1_000; i++)
            {
                Assert.True(new StampTimestamp((ulong)random.NextInt64()).TryGetNanoseconds(StampTimestampFormat.Ntp, reference, out _));
            }
        }
    }

    private static void AssertBits(long nanoseconds, StampTimestampFormat format, string expected) =>
        Assert.Equal(expected, StampTimestamp.FromNanoseconds(nanoseconds, format).Bits.ToString("x16"));
}
