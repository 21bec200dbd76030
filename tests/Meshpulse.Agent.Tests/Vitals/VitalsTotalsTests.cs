using System.Buffers;
using System.Text;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Vitals;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.Tests.Vitals;

public class VitalsTotalsTests
{
    private static readonly HostWindow s_full = new(new MonoTime(1), new MonoTime(250_000_001))
    {
        Stalls = [new HostStall(new MonoTime(5), Ms(10), Ms(4)), new HostStall(new MonoTime(9), Ms(70), null) { IsOngoing = true }],
        RunQueueDelay = Ms(9),
        ProbingRunQueueDelay = Ms(4),
        InvoluntarySwitches = 3,
        AllowedCpus = new CpuTimes(Ms(10), Ms(20), Ms(30), Ms(40)),
        AllCpus = new CpuTimes(Ms(100), Ms(200), Ms(300), Ms(400)),
        AllowedCpuCount = 1,
        OnlineCpuCount = 8,
        Pressure = new HostPressure(new PressureTime(Ms(5), Ms(1)), null, null),
        Cgroup = new CgroupCpu(0.5, 2, 1, Ms(50)),
        MajorFaults = 2,
        Power = new PowerSaving("powersave", "C6", Duration.FromMicroseconds(133), null),
        Network = new NetworkTrouble(1, 2, 3, 4, 5, 6) { UdpBufferErrors = 7 },
        IsClockSynchronised = true,
        ClockFrequency = -12.5,
        ClockStep = Ms(-300),
        Frozen = Ms(1),
        Suspended = Ms(2),
        RuntimePauses = Ms(3),
        Missing = ["pressure.io: No such file or directory", "stat: \"went\nback\""],
    };

    [Fact]
    public void Windows_add_up()
    {
        var totals = new VitalsTotals();
        totals.Add(s_full);
        totals.Add(s_full);
        Assert.Equal((2L, (2L, Ms(20))), (totals.Windows, totals.Stalls));
        Assert.Equal((Ms(18), Ms(8), 6L, 4L), (totals.RunQueueDelay, totals.ProbingRunQueueDelay, totals.InvoluntarySwitches, totals.MajorFaults));
        Assert.Equal(new CpuTimes(Ms(20), Ms(40), Ms(60), Ms(80)), totals.AllowedCpus);
        Assert.Equal(new HostPressure(new PressureTime(Ms(10), Ms(2)), null, null), totals.Pressure);
        Assert.Equal(new CgroupCpu(0.5, 4, 2, Ms(100)), totals.Cgroup);
        Assert.Equal(new NetworkTrouble(2, 4, 6, 8, 10, 12) { UdpBufferErrors = 14 }, totals.Network);
        Assert.Equal((2L, Ms(600)), totals.ClockSteps);
        Assert.Equal((Ms(2), Ms(4), Ms(6)), (totals.Frozen, totals.Suspended, totals.RuntimePauses));
    }

    [Fact]
    public void A_window_that_does_not_know_adds_nothing_and_takes_nothing_away()
    {
        var totals = new VitalsTotals();
        var empty = new HostWindow(new MonoTime(1), new MonoTime(2));
        totals.Add(empty);
        Assert.Equal((null, null, null, null), (totals.RunQueueDelay, totals.AllCpus, totals.Cgroup, totals.Network.SoftnetDrops));
        totals.Add(s_full);
        totals.Add(empty);
        Assert.Equal((Ms(9), 1L, Ms(50)), (totals.RunQueueDelay, totals.Network.SoftnetDrops, totals.Cgroup!.Value.ThrottledTime));
    }

    [Theory]
    [InlineData(ExpositionFormat.OpenMetrics)]
    [InlineData(ExpositionFormat.PrometheusText)]
    public void The_page_has_what_is_known_and_only_that(ExpositionFormat format)
    {
        var totals = new VitalsTotals();
        string[] always = ["clock_step_seconds", "clock_steps", "frozen_seconds", "runtime_pause_seconds", "stall_seconds", "stalls", "suspended_seconds", "windows"];
        Assert.Equal(always.Select(name => $"meshpulse_host_{name}_total 0"), Samples(totals, format));
        totals.Add(s_full);
        var samples = Samples(totals, format);
        Assert.Contains("meshpulse_host_pressure_seconds_total{scope=\"host\",resource=\"cpu\",tasks=\"some\"} 0.005", samples);
        Assert.Contains("meshpulse_host_cpu_seconds_total{cpus=\"all\",state=\"steal\"} 0.4", samples);
        Assert.Contains("meshpulse_host_missing{source=\"pressure.io\",reason=\"No such file or directory\"} 1", samples);
        Assert.Contains("meshpulse_host_missing{source=\"stat\",reason=\"\\\"went\\nback\\\"\"} 1", samples);
        Assert.Contains("meshpulse_host_clock_frequency_ratio -1.25E-05", samples);
        Assert.Contains("meshpulse_host_power_info{governor=\"powersave\",idle_state=\"C6\",idle_option=\"\"} 1", samples);
        Assert.DoesNotContain(samples, s => s.Contains("resource=\"io\"", StringComparison.Ordinal));
    }

    private static Duration Ms(long milliseconds) => Duration.FromMilliseconds(milliseconds);

    private static List<string> Samples(VitalsTotals totals, ExpositionFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ExpositionWriter(output, format);
        HostFamilies.Write(writer, totals);
        writer.Complete();
        return [.. Encoding.UTF8.GetString(output.WrittenSpan).Split('\n').Where(line => line.Length > 0 && line[0] != '#').Order(StringComparer.Ordinal)];
    }
}
