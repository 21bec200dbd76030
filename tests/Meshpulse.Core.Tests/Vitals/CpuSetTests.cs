using System.Text;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Vitals;

public class CpuSetTests
{
    [Theory]
    [InlineData("0", 1, 0)]
    [InlineData("0-1\n", 2, 0)]
    [InlineData("\t3,5-7,64-65", 6, 3)]
    [InlineData("0-3,2-5", 6, 0)]
    [InlineData("0-8191", 8192, 0)]
    public void A_list_is_read(string text, int count, int first)
    {
        Assert.True(CpuSet.TryParse(Encoding.ASCII.GetBytes(text), out var set));
        Assert.Equal((count, first), (set!.Count, set.First));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("1-")]
    [InlineData("-1")]
    [InlineData("3-1")]
    [InlineData("0,,1")]
    [InlineData("0,")]
    [InlineData("0-8192")]
    [InlineData("99999999999999999999")]
    [InlineData("0-3:1/2")]
    public void What_is_no_list_is_refused(string text)
    {
        Assert.False(CpuSet.TryParse(Encoding.ASCII.GetBytes(text), out var set));
        Assert.Null(set);
    }

    [Fact]
    public void It_knows_its_members_and_its_equals()
    {
        Assert.True(CpuSet.TryParse("1,63-64"u8, out var set));
        Assert.Equal([1, 63, 64], Enumerable.Range(-70, 300).Where(set!.Contains));
        Assert.True(CpuSet.TryParse("64,63,1,1"u8, out var same));
        Assert.True(CpuSet.TryParse("1,63"u8, out var other));
        Assert.Equal(set, same);
        Assert.Equal(set.GetHashCode(), same!.GetHashCode());
        Assert.NotEqual(set, other);
        Assert.False(set.Contains(CpuSet.Limit));
    }
}
