using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Tests.Interop;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Linux.Tests.Timing;

/// <summary>What was granted is read back from the kernel; what was refused must be refused for want of a privilege.</summary>
public sealed class ThreadTuningTests
{
    // proc(5), /proc/[pid]/stat, counted from the state (field 3), which follows the name's closing bracket.
    private const int NiceField = 19 - 3;
    private const int RealtimePriorityField = 40 - 3;
    private const int PolicyField = 41 - 3;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(20_000, 20_000)]
    public void Timer_slack_is_set_for_this_thread_and_never_to_the_default(long wanted, long granted)
    {
        OwnThread.Run(() =>
        {
            Assert.True(ThreadTuning.SetTimerSlack(new Duration(wanted)).Applied);
            Assert.Equal(new Duration(granted), ThreadTuning.TimerSlack());
        });
        Assert.NotEqual(new Duration(granted), ThreadTuning.TimerSlack());
    }

    [Fact]
    public void Real_time_is_granted_or_refused_with_a_reason()
    {
        OwnThread.Run(() =>
        {
            var result = ThreadTuning.UseRealtime(7);
            AssertGrantedOrForbidden(result);
            Assert.Equal(result.Applied ? "1" : "0", Stat(PolicyField));
            Assert.Equal(result.Applied ? "7" : "0", Stat(RealtimePriorityField));
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void A_real_time_priority_out_of_range_is_refused(int priority)
    {
        OwnThread.Run(() =>
        {
            var result = ThreadTuning.UseRealtime(priority);
            Assert.Equal(Errno.EINVAL, result.Error);
            Assert.False(result.Applied);
            Assert.Equal("not applied: Invalid argument", result.ToString());
        });
    }

    [Fact]
    public void Nice_is_set_for_this_thread_alone()
    {
        var mine = Stat(NiceField);
        OwnThread.Run(() =>
        {
            // Towards the back of the queue is always allowed.
            var result = ThreadTuning.SetNice(19);
            Assert.Equal("applied", result.ToString());
            Assert.Equal("19", Stat(NiceField));
        });
        Assert.Equal(mine, Stat(NiceField));
    }

    [Fact]
    public void The_most_favoured_nice_value_is_had_where_that_is_permitted()
    {
        OwnThread.Run(() =>
        {
            var result = ThreadTuning.RaiseNice(out var nice);
            AssertGrantedOrForbidden(result);
            Assert.Equal(Stat(NiceField), $"{nice}");
            Assert.True(!result.Applied || nice < 0, $"{nice}");
        });
    }

    [Fact]
    public void Without_a_privilege_nice_goes_as_far_as_the_limit_and_no_further()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && TestCalls.SetNiceLimit(25), "needs CAP_SYS_RESOURCE, to raise the limit for those without a privilege");
        try
        {
            OwnThread.Run(() =>
            {
                Assert.True(TestCalls.DropPrivileges());
                Assert.True(ThreadTuning.RaiseNice(out var nice).Applied);
                Assert.Equal((-5, "-5"), (nice, Stat(NiceField)));
            });
        }
        finally
        {
            Assert.True(TestCalls.SetNiceLimit(0));
        }
    }

    [Fact]
    public void Where_no_nice_value_is_allowed_the_present_one_stays()
    {
        OwnThread.Run(() =>
        {
            var present = Stat(NiceField);
            Assert.True(!Environment.IsPrivilegedProcess || TestCalls.DropPrivileges());
            Assert.Equal(Errno.EACCES, ThreadTuning.RaiseNice(out var nice).Error);
            Assert.Equal((present, present), ($"{nice}", Stat(NiceField)));
        });
    }

    [Fact]
    public void Memory_is_locked_and_unlocked_or_refused_with_a_reason()
    {
        var result = ThreadTuning.LockMemory();
        try
        {
            Assert.True(result.Applied || result.Error is Errno.EPERM or Errno.ENOMEM, result.ToString());
            Assert.Equal(result.Applied, LockedKilobytes() > 0);
        }
        finally
        {
            Assert.True(ThreadTuning.UnlockMemory().Applied);
        }

        Assert.Equal(0, LockedKilobytes());
    }

    [Fact]
    public void Without_privileges_each_wish_is_refused_by_name()
    {
        OwnThread.Run(() =>
        {
            Assert.True(!Environment.IsPrivilegedProcess || TestCalls.DropPrivileges());
            Assert.Equal("not applied: Operation not permitted", ThreadTuning.UseRealtime(1).ToString());
            Assert.Equal("not applied: Permission denied", ThreadTuning.SetNice(-20).ToString());
            Assert.Contains(ThreadTuning.LockMemory().Error, (Errno[])[Errno.ENOMEM, Errno.EPERM]);
            // This one needs none.
            Assert.True(ThreadTuning.SetTimerSlack(new Duration(1)).Applied);
        });
    }

    private static void AssertGrantedOrForbidden(TuningResult result) =>
        Assert.True(result.Applied || result.Error is Errno.EPERM or Errno.EACCES, result.ToString());

    private static string Stat(int field)
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[field];
    }

    private static long LockedKilobytes()
    {
        var line = File.ReadLines("/proc/self/status").Single(l => l.StartsWith("VmLck:", StringComparison.Ordinal));
        return long.Parse(line["VmLck:".Length..].Replace("kB", "").Trim());
    }
}
