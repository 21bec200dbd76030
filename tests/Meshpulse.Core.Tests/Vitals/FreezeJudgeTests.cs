using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Vitals;

/// <summary>A host whose process stands still from 1,050 ms to 2,050 ms, or seems to. The reading thread wakes each 250 ms, the probing one each 5.</summary>
public class FreezeJudgeTests
{
    private readonly VitalsMeter _meter = new();
    private Duration _waited;
    private long _busy;

    public FreezeJudgeTests()
    {
        Assert.Null(_meter.Close(Reading(750), []));
        Assert.Equal(Duration.Zero, Window(1_000, 1_000));
    }

    [Fact]
    public void Two_threads_in_the_same_hole_that_did_not_wait_for_a_CPU_were_frozen()
    {
        Assert.Equal(Ms(1_000), Window(1_250, 2_050, Stall(1_050, 2_050, 2)));
        Assert.Equal(Duration.Zero, Window(2_250, 2_250));
    }

    [Fact]
    public void The_second_half_may_come_a_window_later()
    {
        Assert.Equal(Duration.Zero, Window(1_250, 2_050, Stall(1_050, 2_050, null) with { IsOngoing = true }));
        Assert.Equal(Ms(1_000), Window(2_250, 2_250, Stall(1_050, 2_052, 0)));
        Assert.Equal(Duration.Zero, Window(2_500, 2_500));
    }

    [Fact]
    public void A_freeze_is_told_once()
    {
        Assert.Equal(Ms(1_000), Window(1_250, 2_050, Stall(1_050, 2_050, 2)));
        Assert.Equal(Duration.Zero, Window(2_250, 2_250, Stall(1_050, 2_050, 2)));
    }

    [Fact]
    public void Who_waited_in_a_run_queue_was_not_frozen()
    {
        Assert.Equal(Duration.Zero, Window(1_250, 2_050, Stall(1_050, 2_050, 900)));
        _waited += Ms(700);
        Assert.Equal(Duration.Zero, Window(2_250, 3_050, Stall(2_050, 3_050, 0)));
    }

    [Fact]
    public void One_thread_alone_is_no_proof()
    {
        Assert.Equal(Duration.Zero, Window(1_250, 2_050));
        Assert.Equal(Duration.Zero, Window(2_250, 2_250, Stall(2_060, 2_240, 0)));
    }

    [Fact]
    public void Holes_that_do_not_end_together_are_two()
    {
        Assert.Equal(Duration.Zero, Window(1_250, 2_050, Stall(1_050, 1_700, 0)));
    }

    [Fact]
    public void Where_the_kernel_does_not_tell_of_queues_idle_CPUs_stand_in()
    {
        Assert.Equal(Ms(1_000), Window(1_250, 2_050, r => r with { Threads = null }, Stall(1_050, 2_050, null)));
        _busy += 100;
        Assert.Equal(Duration.Zero, Window(2_250, 3_050, r => r with { Threads = null }, Stall(2_050, 3_050, null)));
    }

    [Fact]
    public void What_the_garbage_collector_explains_is_no_freeze() =>
        Assert.Equal(Duration.Zero, Window(1_250, 2_050, r => r with { RuntimePauses = Ms(900) }, Stall(1_050, 2_050, 2)));

    [Fact]
    public void What_the_quota_explains_is_no_freeze() =>
        Assert.Equal(Duration.Zero, Window(1_250, 2_050, r => r with { Cgroup = new CgroupCpu(0.1, 110, 110, Ms(800)) }, Stall(1_050, 2_050, 2)));

    [Fact]
    public void What_the_hypervisor_took_is_no_freeze() =>
        Assert.Equal(Duration.Zero, Window(1_250, 2_050, r => r with { Cpus = [new CpuTicks(0, 0, 100, 0, 800)] }, Stall(1_050, 2_050, 2)));

    [Theory]
    [InlineData(5, 800, false)]
    [InlineData(0, 800, true)]
    [InlineData(5, 100, true)]
    public void Waiting_for_pages_of_ours_is_no_freeze(long faults, long pressed, bool isFrozen)
    {
        var pressure = new HostPressure(null, new PressureTime(Ms(pressed), Ms(pressed)), null);
        Assert.Equal(isFrozen ? Ms(1_000) : Duration.Zero, Window(1_250, 2_050, r => r with { MajorFaults = faults, Pressure = pressure }, Stall(1_050, 2_050, 2)));
    }

    [Fact]
    public void It_began_after_the_reading_thread_was_last_seen_to_run() =>
        Assert.Equal(Ms(1_050), Window(1_250, 2_050, Stall(900, 2_050, 2)));

    private static HostStall Stall(long from, long until, long? waited) =>
        new(At(from), At(until) - At(from), waited is { } w ? Ms(w) : null);

    private static MonoTime At(long milliseconds) => new MonoTime(1_000_000_000_000) + Ms(milliseconds);

    private static Duration Ms(long milliseconds) => Duration.FromMilliseconds(milliseconds);

    private Duration Window(long due, long woke, params HostStall[] stalls) => Window(due, woke, r => r, stalls);

    private Duration Window(long due, long woke, Func<HostReading, HostReading> change, params HostStall[] stalls) =>
        _meter.Close(change(Reading(woke) with { Due = At(due) }), stalls)!.Frozen;

    private HostReading Reading(long milliseconds) => new(new ClockPairing(At(milliseconds), new WallTime(milliseconds * 1_000_000)))
    {
        RuntimePauses = Duration.Zero,
        Threads = [new ThreadReading(7, _waited, 0)],
        ReadingThread = 7,
        Cpus = [new CpuTicks(0, _busy, milliseconds / 10, 0, 0)],
        Pressure = new HostPressure(null, default(PressureTime), null),
        Cgroup = new CgroupCpu(0.1, 0, 0, Duration.Zero),
        MajorFaults = 0,
    };
}
