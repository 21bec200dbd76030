using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Linux.Vitals;

namespace Meshpulse.Linux.Tests.Vitals;

public sealed class RecordedHostTests
{
    [Fact]
    public void A_plain_machine_tells_everything()
    {
        using var host = new RecordedHost("plain-vm");
        using var reader = new HostReader(host.Roots);
        var reading = reader.Read(null, 815);
        Assert.Equal([new ThreadReading(812, new Duration(55_021_000), 40), new ThreadReading(815, new Duration(7_000_000), 12)], reading.Threads!.OrderBy(t => t.Tid));
        Assert.Equal([0, 1, 2, 3], reading.Cpus!.Select(c => c.Cpu));
        Assert.Equal(new CpuTicks(2, 1250 + 25 + 350 + 15, 20000, 160, 70), reading.Cpus![2]);
        Assert.Equal((1, 2, 4), (reading.AllowedCpus!.Count, reading.AllowedCpus.First, reading.OnlineCpuCount));
        Assert.Equal(Pressure(6_933_931, 0, 114_741, 52_886, 12, 3), reading.Pressure);
        Assert.Equal(Pressure(931, 0, 741, 86, 0, 0), reading.CgroupPressure);
        Assert.Equal(default(CgroupCpu), reading.Cgroup);
        Assert.EndsWith("/system.slice/meshpulse.service", reading.CgroupName, StringComparison.Ordinal);
        Assert.Equal(17, reading.MajorFaults);
        // The deepest state is switched off; the governor is that of the one CPU that we may use.
        Assert.Equal(new PowerSaving("performance", "C6", Duration.FromMicroseconds(133), null), reading.Power);
        Assert.Equal(new NetworkTrouble(3, 13, 13, 38, 2527, null) { UdpBufferErrors = 34 }, reading.Network);
        Assert.Equal(4, reading.SoftnetCpus);
        Assert.Empty(reading.Missing.Except(["adjtimex: forbidden"]));
    }

    [Fact]
    public void Without_the_probing_thread_the_first_one_tells_of_CPUs()
    {
        using var host = new RecordedHost("plain-vm");
        using var reader = new HostReader(host.Roots);
        var reading = reader.Read(null, null);
        Assert.Equal(4, reading.AllowedCpus!.Count);
        Assert.Equal("performance,powersave", reading.Power!.Governor);
    }

    [Fact]
    public void In_a_container_the_tightest_quota_above_us_counts()
    {
        using var host = new RecordedHost("container-v2");
        using var reader = new HostReader(host.Roots);
        var reading = reader.Read(null, null);
        Assert.Equal(new CgroupCpu(0.5, 400, 100, Duration.FromMilliseconds(2_500)), reading.Cgroup);
        Assert.Equal(Pressure(2_600_000, 2_500_000, 0, 0, 40, 20), reading.CgroupPressure);
        Assert.Equal(default, reading.Pressure);
        Assert.Equal(new PowerSaving(null, null, null, "poll"), reading.Power);
        Assert.Equal((31L, 29L), (reading.Network.UdpReceiveErrors, reading.Network.UdpBufferErrors));
        Assert.Equal(
            ["cpufreq: No such file or directory", "cpuidle: No such file or directory", "pressure.cpu: No such file or directory", "pressure.io: No such file or directory", "pressure.memory: No such file or directory"],
            reading.Missing.Except(["adjtimex: forbidden"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Version_1_has_the_quota_where_the_CPU_controller_is()
    {
        using var host = new RecordedHost("cgroup-v1");
        using var reader = new HostReader(host.Roots);
        var reading = reader.Read(null, 4000);
        Assert.Equal(new CgroupCpu(0.2, 90, 30, Duration.FromMilliseconds(1_500)), reading.Cgroup);
        Assert.Equal([new ThreadReading(4000, null, 4)], reading.Threads);
        Assert.Contains("threads.schedstat: unknown form", reading.Missing);
        Assert.Contains("cgroup.pressure: not mounted", reading.Missing);
    }

    [Fact]
    public void A_host_that_tells_nothing_has_a_reason_for_each_source()
    {
        using var host = new RecordedHost(null);
        using var reader = new HostReader(host.Roots);
        var reading = reader.Read(null, 1);
        Assert.Equal(
            (null, null, null, null, null, null, null),
            (reading.Threads, reading.Cpus, reading.AllowedCpus, reading.OnlineCpuCount, reading.Cgroup, reading.MajorFaults, reading.Power));
        Assert.Equal((default, default, default), (reading.Pressure, reading.CgroupPressure, reading.Network));
        Assert.Equal(
            ["cgroup.cpu", "cgroup.pressure", "cmdline", "cpu/online", "cpufreq", "cpuidle", "net/dev", "net/snmp.tcp", "net/snmp.udp", "net/softnet_stat", "pressure.cpu", "pressure.io", "pressure.memory", "self/stat", "stat", "threads"],
            reading.Missing.Except(["adjtimex: forbidden"]).Select(m => m[..m.IndexOf(": ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_readings_of_a_host_that_moved_make_a_window()
    {
        using var host = new RecordedHost("container-v2");
        using var reader = new HostReader(host.Roots);
        var meter = new VitalsMeter();
        Assert.Null(meter.Close(reader.Read(null, 1), []));
        host.Write("proc/self/task/1/schedstat", "1189734 40055021 12\n");
        host.Write("proc/stat", "cpu  0\ncpu0 160 0 50 2505 0 0 0 9 0 0\ncpu1 150 0 50 2525 0 0 0 0 0 0\n");
        host.Write("sys/fs/cgroup/pod/cpu.stat", "usage_usec 100\nnr_periods 402\nnr_throttled 102\nthrottled_usec 2650000\n");
        host.Write("sys/fs/cgroup/pod/cpu.max", "20000 100000\n");
        host.Write("proc/net/softnet_stat", "00000001 00000005 00000000\n00000001 00000000 00000000\n");
        var window = meter.Close(reader.Read(null, 1), [])!;
        Assert.Equal((Duration.FromMilliseconds(40), Duration.FromMilliseconds(40), 0L), (window.RunQueueDelay, window.ProbingRunQueueDelay, window.InvoluntarySwitches));
        Assert.Equal(new CpuTimes(Duration.FromMilliseconds(100), Duration.FromMilliseconds(300), Duration.Zero, Duration.FromMilliseconds(90)), window.AllowedCpus);
        Assert.Equal(new CgroupCpu(0.2, 2, 2, Duration.FromMilliseconds(150)), window.Cgroup);
        Assert.Equal((5L, 0L), (window.Network.SoftnetDrops, window.Network.SoftnetSqueezes));
        Assert.Null(window.Pressure.Cpu);
    }

    [Fact]
    public void What_stands_in_a_file_s_place_does_not_hold_the_reader_up()
    {
        using var host = new RecordedHost("plain-vm");
        File.Delete(host.PathOf("proc/stat"));
        Directory.CreateDirectory(host.PathOf("proc/stat"));
        File.Delete(host.PathOf("proc/self/stat"));
        File.CreateSymbolicLink(host.PathOf("proc/self/stat"), "/dev/zero");
        File.WriteAllBytes(host.PathOf("proc/net/dev"), new byte[1_000_000]);
        using var reader = new HostReader(host.Roots);
        var reading = reader.Read(null, null);
        Assert.Equal((null, null, null), (reading.Cpus, reading.MajorFaults, reading.Network.InterfaceErrors));
        Assert.Contains("stat: Is a directory", reading.Missing);
        Assert.Contains("self/stat: unknown form", reading.Missing);
        Assert.Contains("net/dev: unknown form", reading.Missing);
    }

    [Fact]
    public void A_line_that_was_cut_is_left_out()
    {
        using var host = new RecordedHost("plain-vm");
        var lines = string.Concat(Enumerable.Range(0, 4_000).Select(cpu => $"cpu{cpu} 1000000 0 0 0 0 0 0 1000000000\n"));
        host.Write("proc/stat", lines);
        using var reader = new HostReader(host.Roots);
        var cpus = reader.Read(null, null).Cpus!;
        Assert.InRange(cpus.Count, 1_000, 3_999);
        Assert.All(cpus, cpu => Assert.Equal(1_000_000_000, cpu.Steal));
    }

    private static HostPressure Pressure(long cpu, long cpuFull, long io, long ioFull, long memory, long memoryFull) =>
        new(Time(cpu, cpuFull), Time(io, ioFull), Time(memory, memoryFull));

    private static PressureTime Time(long some, long full) => new(Duration.FromMicroseconds(some), Duration.FromMicroseconds(full));
}
