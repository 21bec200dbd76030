using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Linux.Timing;
using Meshpulse.Linux.Vitals;

namespace Meshpulse.Linux.Tests.Vitals;

/// <summary>The machine that the tests run on, whichever that is.</summary>
public sealed class ThisHostTests
{
    [Fact]
    public void What_can_be_read_is_read_and_the_rest_has_a_reason()
    {
        using var reader = new HostReader(HostRoots.Live);
        var own = OwnThread.Id("/proc");
        var meter = new VitalsMeter();
        Assert.Null(meter.Close(reader.Read(null, own), []));
        _ = AbsoluteSleep.Until(SystemClocks.Mono() + Duration.FromMilliseconds(100));
        var reading = reader.Read(null, own);
        var window = meter.Close(reading, [])!;
        Assert.True(window.Length >= Duration.FromMilliseconds(100));
        Assert.Equal(own, reading.ReadingThread);
        Assert.Contains(reading.Threads!, thread => thread.Tid == own);
        Assert.InRange(window.AllowedCpuCount!.Value, 1, window.OnlineCpuCount!.Value);
        Assert.True(window.AllCpus!.Value.Total > Duration.Zero);
        Assert.NotNull(window.InvoluntarySwitches);
        Assert.NotNull(window.MajorFaults);
        Assert.NotNull(window.Network.UdpReceiveErrors);
        Assert.NotNull(window.Network.TcpRetransmits);
        Assert.NotNull(window.Network.SoftnetDrops);
        Assert.True(window.ProbingRunQueueDelay is not null || window.Missing.Any(m => m.StartsWith("threads.schedstat", StringComparison.Ordinal)));
        Assert.True(window.Pressure.Cpu is not null || window.Missing.Any(m => m.StartsWith("pressure.cpu", StringComparison.Ordinal)));
        Assert.True(window.Cgroup is not null || window.Missing.Any(m => m.StartsWith("cgroup.cpu", StringComparison.Ordinal)));
        Assert.Equal((Duration.Zero, Duration.Zero), (window.Frozen, window.Suspended));
    }

    [Fact]
    public void A_thread_that_is_always_ready_beside_another_waits_in_the_run_queue()
    {
        using var clock = new RunQueueClock("/proc");
        Assert.SkipUnless(clock.Read() is not null, "this kernel has no schedstat");
        var before = clock.Read();
        var stop = false;
        var others = Enumerable.Range(0, Environment.ProcessorCount * 2).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
            }
        })).ToList();
        others.ForEach(thread => thread.Start());
        // Two busy threads per CPU beside us: we wait sooner or later, and the loop ends then; a kernel that never told would hang here.
        while (clock.Read() - before < Duration.FromMilliseconds(5))
        {
        }

        Volatile.Write(ref stop, true);
        others.ForEach(thread => thread.Join());
    }

    [Fact]
    public void Reading_the_run_queue_allocates_nothing()
    {
        using var clock = new RunQueueClock("/proc");
        _ = clock.Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = clock.Read();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        using var missing = new RunQueueClock("/nowhere");
        Assert.Null(missing.Read());
    }

    [Fact]
    public void Suspended_time_is_there_and_does_not_fall()
    {
        var first = SystemClocks.Suspended();
        Assert.True(SystemClocks.Suspended() - first > Duration.FromMilliseconds(-1));
    }

    [Fact]
    public void The_number_of_a_thread_is_its_own()
    {
        var mine = OwnThread.Id("/proc");
        int? others = null;
        Timing.OwnThread.Run(() => others = OwnThread.Id("/proc"));
        Assert.NotNull(mine);
        Assert.NotNull(others);
        Assert.NotEqual(mine, others);
        Assert.Null(OwnThread.Id("/nowhere"));
    }
}
