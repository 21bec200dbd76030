using System.Text;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Vitals;

public class CgroupCpuTextTests
{
    [Theory]
    [InlineData("max 100000\n", true, null)]
    [InlineData("20000 100000\n", true, 0.2)]
    [InlineData("150000 100000", true, 1.5)]
    [InlineData("9223372036854775807 1\n", true, 9.223372036854775807e18)]
    [InlineData("20000 0\n", false, null)]
    [InlineData("20000\n", false, null)]
    [InlineData("-1 100000\n", false, null)]
    [InlineData("", false, null)]
    public void Version_2_has_quota_and_period_in_one_file(string text, bool isRead, double? cpus)
    {
        Assert.Equal(isRead, CgroupCpuText.TryMax(Encoding.ASCII.GetBytes(text), out var read));
        Assert.Equal(cpus, read);
    }

    [Theory]
    [InlineData("-1\n", "100000\n", true, null)]
    [InlineData("50000\n", "100000\n", true, 0.5)]
    [InlineData("50000\n", "", false, null)]
    [InlineData("-2\n", "100000\n", false, null)]
    [InlineData("", "100000\n", false, null)]
    public void Version_1_has_them_in_two(string quota, string period, bool isRead, double? cpus)
    {
        Assert.Equal(isRead, CgroupCpuText.TryQuota(Encoding.ASCII.GetBytes(quota), Encoding.ASCII.GetBytes(period), out var read));
        Assert.Equal(cpus, read);
    }

    [Fact]
    public void The_figures_of_either_version_are_in_their_own_units()
    {
        var v2 = CgroupCpuText.Stat("usage_usec 88\nuser_usec 44\nsystem_usec 44\nnr_periods 10\nnr_throttled 4\nthrottled_usec 250\nnr_bursts 0\n"u8, 0.2);
        Assert.Equal(new CgroupCpu(0.2, 10, 4, Duration.FromMicroseconds(250)), v2);
        Assert.Equal(new CgroupCpu(0.5, 10, 4, new Duration(250)), CgroupCpuText.Stat("nr_periods 10\nnr_throttled 4\nthrottled_time 250\nwait_sum 3\n"u8, 0.5));
    }

    [Fact]
    public void Version_2_without_a_quota_has_no_periods()
    {
        Assert.Equal(default(CgroupCpu), CgroupCpuText.Stat("usage_usec 88\nuser_usec 44\nsystem_usec 44\n"u8, null));
        Assert.Null(CgroupCpuText.Stat("nonsense\n"u8, null));
        Assert.Null(CgroupCpuText.Stat(default, null));
    }
}
