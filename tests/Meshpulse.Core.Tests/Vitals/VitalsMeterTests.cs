using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Vitals;

public class VitalsMeterTests
{
    private static readonly HostReading s_first = new(Clocks(0))
    {
        Suspended = Duration.FromSeconds(5),
        RuntimePauses = Duration.FromMilliseconds(10),
        Threads = [new ThreadReading(1, Ms(100), 5), new ThreadReading(2, Ms(50), 7)],
        ProbingThread = 2,
        Cpus = [new CpuTicks(0, 100, 100, 10, 1), new CpuTicks(1, 200, 200, 20, 2)],
        AllowedCpus = Set("1"),
        Pressure = new HostPressure(new PressureTime(Ms(1), Ms(1)), null, new PressureTime(Ms(5), Ms(5))),
        Cgroup = new CgroupCpu(0.5, 100, 10, Ms(77)),
        CgroupName = "/a",
        MajorFaults = 3,
        Network = new NetworkTrouble(1, 2, 3, 4, 5, 6),
        SoftnetCpus = 2,
        Interfaces = 9,
    };

    private static readonly HostReading s_second = s_first with
    {
        Clocks = Clocks(250),
        RuntimePauses = Duration.FromMilliseconds(14),
        Threads = [new ThreadReading(1, Ms(101), 6), new ThreadReading(2, Ms(70), 9)],
        Cpus = [new CpuTicks(0, 110, 115, 10, 1), new CpuTicks(1, 205, 217, 21, 4)],
        Pressure = new HostPressure(new PressureTime(Ms(41), Ms(11)), null, new PressureTime(Ms(5), Ms(5))),
        Cgroup = new CgroupCpu(0.25, 102, 11, Ms(97)),
        MajorFaults = 4,
        Network = new NetworkTrouble(11, 22, 33, 44, 55, 66),
    };

    [Fact]
    public void The_first_reading_makes_no_window()
    {
        var meter = new VitalsMeter();
        Assert.Null(meter.Close(s_first, []));
        Assert.Null(meter.Close(s_first, []));
        Assert.NotNull(meter.Close(s_second, []));
    }

    [Fact]
    public void Two_readings_make_a_window_of_differences()
    {
        var window = Between(s_first, s_second);
        Assert.Equal(Ms(250), window.Length);
        Assert.Equal((Ms(21), Ms(20), 3L), (window.RunQueueDelay, window.ProbingRunQueueDelay, window.InvoluntarySwitches));
        Assert.Equal(new CpuTimes(Ms(50), Ms(170), Ms(10), Ms(20)), window.AllowedCpus);
        Assert.Equal(new CpuTimes(Ms(150), Ms(320), Ms(10), Ms(20)), window.AllCpus);
        Assert.Equal((1, 2), (window.AllowedCpuCount, window.OnlineCpuCount));
        Assert.Equal(new HostPressure(new PressureTime(Ms(40), Ms(10)), null, default(PressureTime)), window.Pressure);
        Assert.Equal(new CgroupCpu(0.25, 2, 1, Ms(20)), window.Cgroup);
        Assert.Equal(1, window.MajorFaults);
        Assert.Equal(new NetworkTrouble(10, 20, 30, 40, 50, 60), window.Network);
        Assert.Equal((Ms(4), Duration.Zero, Duration.Zero, Duration.Zero), (window.RuntimePauses, window.Suspended, window.ClockStep, window.Frozen));
        Assert.Empty(window.Missing);
    }

    [Fact]
    public void What_went_back_is_null_and_said()
    {
        var window = Between(s_first, s_second with
        {
            MajorFaults = 2,
            Network = new NetworkTrouble(0, 0, 33, 3, 55, 66),
            Pressure = new HostPressure(new PressureTime(Ms(0), Ms(0)), null, null),
            Cpus = [new CpuTicks(0, 110, 115, 10, 1), new CpuTicks(1, 205, 217, 21, 0)],
        });
        Assert.Null(window.MajorFaults);
        Assert.Equal(new NetworkTrouble(null, null, 30, null, 50, 60), window.Network);
        Assert.Null(window.Pressure.Cpu);
        Assert.Null(window.AllCpus);
        Assert.Equal(
            ["net/snmp.udp: went back", "net/softnet_stat: went back", "pressure.cpu: went back", "self/stat: went back", "stat: went back"],
            window.Missing.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_was_not_there_before_is_null_once()
    {
        var meter = new VitalsMeter();
        meter.Close(new HostReading(Clocks(-250)), []);
        var window = meter.Close(s_first, [])!;
        Assert.Equal((null, null, null, null, null), (window.RunQueueDelay, window.AllCpus, window.Cgroup, window.MajorFaults, window.Network.SoftnetDrops));
        Assert.Contains("self/stat: first reading", window.Missing);
        Assert.Empty(meter.Close(s_second, [])!.Missing);
    }

    [Fact]
    public void A_cgroup_or_a_set_of_parts_that_changed_begins_anew()
    {
        var window = Between(s_first, s_second with { CgroupName = "/b", SoftnetCpus = 3, Interfaces = 8, Cpus = [new CpuTicks(0, 110, 115, 10, 1)] });
        Assert.Null(window.Cgroup);
        Assert.Null(window.AllCpus);
        Assert.Equal((null, null, null), (window.Network.SoftnetDrops, window.Network.SoftnetSqueezes, window.Network.InterfaceErrors));
        Assert.Equal(40, window.Network.UdpReceiveErrors);
        Assert.Contains("net/dev: interfaces came or went", window.Missing);
        Assert.Contains("stat: CPUs came or went", window.Missing);
        // The only one that we may use is gone.
        Assert.Equal((0, 1), (window.AllowedCpuCount, window.OnlineCpuCount));
    }

    [Fact]
    public void Idle_time_that_falls_by_a_tick_is_none()
    {
        var window = Between(s_first, s_second with { Cpus = [new CpuTicks(0, 110, 99, 9, 1), new CpuTicks(1, 205, 217, 21, 4)] });
        Assert.Equal(new CpuTimes(Ms(150), Ms(170), Ms(10), Ms(20)), window.AllCpus);
    }

    [Fact]
    public void Threads_that_come_and_go_do_not_make_nonsense()
    {
        var window = Between(s_first, s_second with
        {
            // 1 has ended; 2's number belongs to another thread; 3 is new, but waits longer than the window; 4 could not be read.
            Threads = [new ThreadReading(2, Ms(3), 1), new ThreadReading(3, Ms(900), 2), new ThreadReading(4, null, null)],
        });
        Assert.Equal((Ms(3) + Ms(250), 3L), (window.RunQueueDelay, window.InvoluntarySwitches));
        Assert.Null(window.ProbingRunQueueDelay);
    }

    [Fact]
    public void A_thread_that_could_not_be_read_before_adds_nothing()
    {
        var window = Between(s_first with { Threads = [new ThreadReading(1, null, null)] }, s_second with { Threads = [new ThreadReading(1, Ms(900), 5)] });
        Assert.Equal((Duration.Zero, 0L), (window.RunQueueDelay, window.InvoluntarySwitches));
    }

    [Theory]
    [InlineData(10_000_000, 10_000_000)]
    [InlineData(-10_000_000, -10_000_000)]
    [InlineData(300_000, 300_000)]
    [InlineData(200_000, 0)]
    [InlineData(-200_000, 0)]
    public void A_step_of_the_clock_is_more_than_slewing_explains(long nanoseconds, long told)
    {
        // A quarter of a second of 500 ppm, and 100 us: 225 us.
        var window = Between(s_first, s_second with { Clocks = Stepped(250, new Duration(nanoseconds)) });
        Assert.Equal(told, window.ClockStep.Nanoseconds);
    }

    [Fact]
    public void The_uncertainty_of_both_readings_is_no_step()
    {
        var window = Between(s_first with { ClockUncertainty = Ms(4) }, s_second with { ClockUncertainty = Ms(4), Clocks = Stepped(250, Ms(8)) });
        Assert.Equal(Duration.Zero, window.ClockStep);
    }

    [Fact]
    public void A_suspend_is_no_step_and_a_step_in_it_is()
    {
        var asleep = s_second with { Suspended = Duration.FromSeconds(65), Clocks = Stepped(250, Duration.FromSeconds(60)) };
        Assert.Equal((Duration.FromSeconds(60), Duration.Zero), Told(Between(s_first, asleep)));
        Assert.Equal((Duration.FromSeconds(60), Ms(70)), Told(Between(s_first, asleep with { Clocks = Stepped(250, Duration.FromSeconds(60) + Ms(70)) })));
        Assert.Equal((Duration.Zero, Duration.Zero), Told(Between(s_first, s_second with { Suspended = Duration.FromSeconds(5) + Duration.FromMicroseconds(90) })));

        static (Duration, Duration) Told(HostWindow window) => (window.Suspended, window.ClockStep);
    }

    [Fact]
    public void Of_too_many_stalls_the_longest_stay_in_order()
    {
        var stalls = Enumerable.Range(1, 100).Select(i => new HostStall(new MonoTime(i), Ms(i), null)).Reverse().ToList();
        var meter = new VitalsMeter();
        meter.Close(s_first, []);
        Assert.Equal(Enumerable.Range(37, 64).Select(i => (long)i), meter.Close(s_second, stalls)!.Stalls.Select(s => s.From.Nanoseconds));
    }

    /// <summary>Any two readings at all: no difference is negative, and what is null though it was read is explained.</summary>
    [Theory]
    [InlineData(11UL)]
    [InlineData(12UL)]
    [InlineData(13UL)]
    public void Nothing_negative_comes_out_of_any_readings(ulong seed)
    {
        var random = new SplitMix64(seed);
        var meter = new VitalsMeter();
        var now = 0L;
        for (var round = 0; round < 3_000; round++)
        {
            now += 1 + (long)(random.Next() % 1_000);
            var reading = Any(random, now);
            if (meter.Close(reading, []) is not { } window)
            {
                continue;
            }

            var because = $"seed {seed}, round {round}";
            var sums = new[]
            {
                window.RunQueueDelay?.Nanoseconds, window.InvoluntarySwitches, window.AllCpus?.Busy.Nanoseconds, window.AllCpus?.Total.Nanoseconds, window.MajorFaults,
                window.Pressure.Io?.Some.Nanoseconds, window.Cgroup?.Periods, window.Cgroup?.ThrottledTime.Nanoseconds, window.Network.SoftnetDrops, window.Network.UdpReceiveErrors,
                window.Suspended.Nanoseconds, window.Frozen.Nanoseconds, window.RuntimePauses.Nanoseconds,
            };
            Assert.True(sums.All(sum => sum is null or >= 0), because);
            Assert.True(window.MajorFaults is not null || reading.MajorFaults is null || window.Missing.Any(m => m.StartsWith("self/stat: ", StringComparison.Ordinal)), because);
            Assert.True(window.AllCpus is not null || reading.Cpus is null || window.Missing.Any(m => m.StartsWith("stat: ", StringComparison.Ordinal)), because);
            Assert.True(window.Cgroup is not null || reading.Cgroup is null || window.Missing.Any(m => m.StartsWith("cgroup.cpu: ", StringComparison.Ordinal)), because);
        }
    }

    private static HostReading Any(SplitMix64 random, long milliseconds)
    {
        return new HostReading(Clocks(milliseconds))
        {
            Due = random.Next() % 2 == 0 ? null : Clocks(milliseconds - (long)(random.Next() % 500)).Mono,
            Suspended = random.Next() % 3 == 0 ? null : new Duration(Number() ?? 0),
            RuntimePauses = Number() is { } pauses ? new Duration(pauses) : null,
            Threads = random.Next() % 4 == 0 ? null : [.. Enumerable.Range(0, (int)(random.Next() % 4)).Select(i => new ThreadReading(i + (int)(random.Next() % 2) * 7, Number() is { } d ? new Duration(d) : null, Number()))],
            Cpus = random.Next() % 4 == 0 ? null : [.. Enumerable.Range(0, 1 + (int)(random.Next() % 2)).Select(i => new CpuTicks(i, Number() ?? 0, Number() ?? 0, Number() ?? 0, Number() ?? 0))],
            AllowedCpus = random.Next() % 3 == 0 ? null : Set("0,2"),
            Pressure = new HostPressure(null, Number() is { } some ? new PressureTime(new Duration(some), new Duration(Number() ?? 0)) : null, null),
            Cgroup = Number() is { } periods ? new CgroupCpu(null, periods, Number() ?? 0, new Duration(Number() ?? 0)) : null,
            CgroupName = random.Next() % 5 == 0 ? "/a" : "/b",
            MajorFaults = Number(),
            Network = new NetworkTrouble(Number(), Number(), Number(), Number(), Number(), Number()),
            SoftnetCpus = (int)(random.Next() % 2),
            Interfaces = (long)(random.Next() % 2),
        };

        long? Number() => (random.Next() % 5) switch
        {
            0 => null,
            1 => 0,
            2 => long.MaxValue,
            3 => (long)(random.Next() % 100),
            _ => (long)(random.Next() >> 1),
        };
    }

    private static HostWindow Between(HostReading first, HostReading second)
    {
        var meter = new VitalsMeter();
        Assert.Null(meter.Close(first, []));
        return meter.Close(second, [])!;
    }

    private static ClockPairing Clocks(long milliseconds) => Stepped(milliseconds, Duration.Zero);

    private static ClockPairing Stepped(long milliseconds, Duration step)
    {
        var since = Duration.FromMilliseconds(milliseconds);
        return new ClockPairing(new MonoTime(1_000_000_000_000) + since, new WallTime(1_700_000_000_000_000_000) + since + step);
    }

    private static Duration Ms(long milliseconds) => Duration.FromMilliseconds(milliseconds);

    private static CpuSet Set(string text) => CpuSet.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out var set) ? set! : throw new ArgumentException(text, nameof(text));
}
