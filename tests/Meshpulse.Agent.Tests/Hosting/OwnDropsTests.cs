using Meshpulse.Agent.Hosting;

namespace Meshpulse.Agent.Tests.Hosting;

public sealed class OwnDropsTests
{
    [Fact]
    public void Each_drop_is_told_once_and_silence_where_there_was_none()
    {
        var count = 0L;
        var drops = new OwnDrops(() => count);
        Assert.Null(drops.Next());
        count = 5;
        Assert.StartsWith("5 answers were dropped in this host's own receive queue", drops.Next(), StringComparison.Ordinal);
        Assert.Null(drops.Next());
        count = 7;
        Assert.StartsWith("2 answers", drops.Next(), StringComparison.Ordinal);
    }
}
