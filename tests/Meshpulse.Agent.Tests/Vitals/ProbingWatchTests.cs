using Meshpulse.Agent.Vitals;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.Tests.Vitals;

public sealed class ProbingWatchTests : IDisposable
{
    private readonly ProbingWatch _watch = new("/nowhere");

    public ProbingWatchTests() => _watch.Begin(At(0));

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void A_wake_up_that_is_late_is_a_stall_and_a_punctual_one_is_not()
    {
        Wake(5, 9);
        Wake(10, 15);
        Wake(20, 200);
        Assert.Equal([new HostStall(At(10), Ms(5), null), new HostStall(At(20), Ms(180), null)], Taken());
    }

    [Fact]
    public void What_was_due_before_the_thread_began_is_none_of_its_stalls()
    {
        _watch.OnSleep(At(-5_000));
        Assert.Null(_watch.Ongoing(At(1)));
        _watch.OnWoke(At(-5_000), At(1));
        Assert.Empty(Taken());
    }

    [Fact]
    public void A_stall_that_lasts_is_seen_from_outside()
    {
        Assert.Null(_watch.Ongoing(At(1_000)));
        _watch.OnSleep(At(5));
        Assert.Null(_watch.Ongoing(At(4)));
        Assert.Null(_watch.Ongoing(At(9)));
        Assert.Equal(new HostStall(At(5), Ms(70), null) { IsOngoing = true }, _watch.Ongoing(At(75)));
        _watch.OnWoke(At(5), At(80));
        Assert.Null(_watch.Ongoing(At(90)));
        Assert.Equal([new HostStall(At(5), Ms(75), null)], Taken());
    }

    [Fact]
    public void More_than_there_is_room_for_is_counted()
    {
        for (var i = 0; i < 1_100; i++)
        {
            Wake(i * 20, (i * 20) + 10);
        }

        Assert.Equal(1_024, Taken().Count);
        Assert.Equal(76, _watch.Dropped);
    }

    [Fact]
    public void The_kernel_tells_how_much_of_a_stall_was_waiting_and_never_more_than_all_of_it()
    {
        using var watch = new ProbingWatch("/proc");
        watch.Begin(At(0));
        Assert.NotNull(watch.Tid);
        watch.OnWoke(At(5), At(5 + 60_000));
        Assert.True(watch.TryTake(out var stall));
        Assert.True(stall.WaitedForCpu is null or { Nanoseconds: >= 0 } && (stall.WaitedForCpu ?? default) <= stall.Length);
    }

    [Fact]
    public void Telling_allocates_nothing()
    {
        using var watch = new ProbingWatch("/proc");
        watch.Begin(At(0));
        watch.OnWoke(At(5), At(500));
        var before = GC.GetAllocatedBytesForCurrentThread();
        watch.OnSleep(At(600));
        watch.OnWoke(At(600), At(800));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static MonoTime At(long milliseconds) => new MonoTime(9_000_000_000_000) + Ms(milliseconds);

    private static Duration Ms(long milliseconds) => Duration.FromMilliseconds(milliseconds);

    private void Wake(long due, long woke)
    {
        _watch.OnSleep(At(due));
        _watch.OnWoke(At(due), At(woke));
    }

    private List<HostStall> Taken()
    {
        var taken = new List<HostStall>();
        while (_watch.TryTake(out var stall))
        {
            taken.Add(stall);
        }

        return taken;
    }
}
