using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Linux.Tests.Timing;

public sealed class ClockStatusTests
{
    [Fact]
    public void The_kernel_is_asked_and_changes_nothing()
    {
        Assert.SkipUnless(ClockStatus.TryRead(out var status), "adjtimex(2) is forbidden here");
        Assert.InRange(status.MaximumError.Nanoseconds, 1, 16_000_000_000);
        Assert.InRange(status.EstimatedError.Nanoseconds, 0, 16_000_000_000);
        Assert.True(ClockStatus.TryRead(out var again));
        Assert.Equal(status.IsSynchronised, again.IsSynchronised);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, 0x2001, true)]
    [InlineData(0, TimeConstants.STA_UNSYNC, false)]
    [InlineData(TimeConstants.TIME_ERROR, 0, false)]
    [InlineData(TimeConstants.TIME_ERROR, TimeConstants.STA_UNSYNC, false)]
    public void Synchronised_is_what_neither_flag_nor_state_denies(int state, int flags, bool expected) =>
        Assert.Equal(expected, ClockStatus.From(state, new Timex { status = flags, maxerror = 1 }).IsSynchronised);

    [Fact]
    public void Errors_are_microseconds_and_never_negative()
    {
        var status = ClockStatus.From(0, new Timex { esterror = 17, maxerror = 2_500 });
        Assert.Equal((Duration.FromMicroseconds(17), Duration.FromMicroseconds(2_500)), (status.EstimatedError, status.MaximumError));
        status = ClockStatus.From(0, new Timex { esterror = -1, maxerror = long.MinValue });
        Assert.Equal((Duration.Zero, Duration.Zero), (status.EstimatedError, status.MaximumError));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(65_536, 1)]
    [InlineData(-32_768_000, -500)]
    public void The_frequency_is_in_parts_per_million(long freq, double expected) =>
        Assert.Equal(expected, ClockStatus.From(0, new Timex { freq = freq }).Frequency);

    [Fact]
    public void Asking_allocates_nothing()
    {
        _ = ClockStatus.TryRead(out _);
        Assert.Equal(0, Allocations.Least(() => ClockStatus.TryRead(out _)));
    }
}
