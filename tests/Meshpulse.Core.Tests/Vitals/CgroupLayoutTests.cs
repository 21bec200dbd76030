using System.Text;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Vitals;

public class CgroupLayoutTests
{
    private const string V2 = "25 30 0:23 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";

    [Fact]
    public void Version_2_has_one_hierarchy_for_all()
    {
        var layout = Read("0::/system.slice/meshpulse.service\n", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n" + V2);
        var place = new CgroupPlace("/sys/fs/cgroup", "system.slice/meshpulse.service", IsV2: true);
        Assert.Equal(new CgroupLayout(place, place), layout);
        Assert.Equal(["/sys/fs/cgroup/system.slice/meshpulse.service", "/sys/fs/cgroup/system.slice", "/sys/fs/cgroup"], place.Directories());
    }

    [Fact]
    public void Version_1_has_one_for_the_CPU_alone_or_with_accounting()
    {
        const string cgroup = "12:cpuset:/other\n4:cpu,cpuacct:/user.slice\n1:name=systemd:/user.slice/x\n";
        var layout = Read(cgroup, "31 23 0:28 / /sys/fs/cgroup ro - tmpfs tmpfs ro\n32 31 0:29 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n");
        Assert.Equal(new CgroupLayout(new CgroupPlace("/sys/fs/cgroup/cpu,cpuacct", "user.slice", IsV2: false), null), layout);
    }

    [Fact]
    public void A_hybrid_host_has_the_quota_in_one_and_the_pressure_in_the_other()
    {
        var layout = Read("4:cpu:/a\n0::/b\n", "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
        Assert.Equal(new CgroupPlace("/sys/fs/cgroup/cpu", "a", IsV2: false), layout.Cpu);
        Assert.Equal(new CgroupPlace("/sys/fs/cgroup/unified", "b", IsV2: true), layout.Pressure);
    }

    [Theory]
    [InlineData("/docker/abc", "/docker/abc", "")]
    [InlineData("/docker/abc", "/docker/abc/inner", "inner")]
    [InlineData("/docker/abc", "/docker/abcd", "")]
    [InlineData("/", "/../../elsewhere", "")]
    [InlineData("/../..", "/", "")]
    public void What_is_mounted_from_the_middle_is_cut_off_the_path(string shown, string path, string inside)
    {
        var layout = Read($"0::{path}\n", $"25 30 0:23 {shown} /sys/fs/cgroup ro - cgroup2 cgroup ro\n");
        Assert.Equal(inside, layout.Cpu!.Value.Inside);
    }

    [Fact]
    public void Blanks_in_a_path_are_written_as_octal_digits()
    {
        var layout = Read("0::/a\n", "25 30 0:23 / /mnt/my\\040cgroups\\134x\\9 ro - cgroup2 cgroup ro\n");
        Assert.Equal("/mnt/my cgroups\\x\\9", layout.Cpu!.Value.MountPoint);
    }

    [Theory]
    [InlineData("", V2)]
    [InlineData("0::/a\n", "")]
    [InlineData("0:/a\n", V2)]
    [InlineData("0::a\n", V2)]
    [InlineData("0::/a\n", "25 30 0:23 / /sys/fs/cgroup rw shared:9 cgroup2 cgroup2 rw\n")]
    [InlineData("0::/a\n", "25 30 0:23 / sys rw - cgroup2 cgroup2 rw\n")]
    [InlineData("4:memory:/a\n", "32 31 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n")]
    public void Nothing_is_found_where_nothing_is(string cgroup, string mounts) => Assert.Equal(CgroupLayout.None, Read(cgroup, mounts));

    [Fact]
    public void The_way_up_is_bounded() =>
        Assert.Equal(CgroupPlace.Deepest, new CgroupPlace("/m", string.Join('/', Enumerable.Repeat("a", 1_000)), IsV2: true).Directories().Count);

    private static CgroupLayout Read(string cgroup, string mounts) => CgroupLayout.Read(Encoding.UTF8.GetBytes(cgroup), Encoding.UTF8.GetBytes(mounts));
}
