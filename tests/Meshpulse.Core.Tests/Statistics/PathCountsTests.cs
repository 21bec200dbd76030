using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Statistics;

public sealed class PathCountsTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, 0, 0)]
    [InlineData(3, 2, 1, 3, 2, 1)]
    // 361 of before the window got their direction in it.
    [InlineData(497, 0, -361, 136, 0, 0)]
    [InlineData(0, 492, -360, 0, 132, 0)]
    [InlineData(300, 100, -200, 150, 50, 0)]
    [InlineData(100, 100, -200, 0, 0, 0)]
    // Late replies take losses of before back.
    [InlineData(-4, 2, 0, 0, 2, 0)]
    [InlineData(0, 0, -3, 0, 0, 0)]
    [InlineData(-1, 5, -3, 0, 2, 0)]
    public void A_stretch_tells_its_own_losses(long forward, long backward, long unknown, long forwardThen, long backwardThen, long unknownThen)
    {
        var counts = new PathCounts(900, 1, 500, 2, forward, backward, unknown, 3, 4, 5, 6, 7);
        Assert.Equal(
            counts with { LostForward = forwardThen, LostBackward = backwardThen, LostUnknown = unknownThen },
            counts.WithoutOlderLosses());
    }
}
