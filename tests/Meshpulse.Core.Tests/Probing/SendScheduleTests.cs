using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Probing;

public sealed class SendScheduleTests
{
    private static readonly Duration s_interval = Duration.FromMilliseconds(5);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_grid_point_is_sent_once_or_counted_skipped(ulong seed)
    {
        var random = new SplitMix64(seed);
        var first = new MonoTime(random.Below(int.MaxValue));
        var interval = new Duration(1 + random.Below(20_000_000));
        var schedule = new SendSchedule(first, interval);
        var (now, firstSend, lastSend, since, points) = (first - interval, default(MonoTime?), first, Duration.Zero, 0L);
        for (var i = 0; i < 20_000; i++)
        {
            var due = schedule.NextDue;
            now = random.Below(10) == 0 && now < due ? due + (interval * random.Below(4)) : now + Step(random, interval);
            if (!schedule.TryTake(now, out var slot))
            {
                Assert.True(now < due && slot == default, $"seed {seed}, round {i}");
                continue;
            }

            var story = $"seed {seed}, round {i}: {slot} at {now}";
            Assert.True(slot.Intended == first + (interval * (points + slot.Skipped)), story);
            Assert.True(slot.Lateness == now - slot.Intended && slot.Lateness >= Duration.Zero && slot.Lateness < interval, story);
            Assert.True(slot.Skipped >= 0 && schedule.NextDue == slot.Intended + interval, story);
            Assert.True(slot.SinceLast == (firstSend is null ? null : now - lastSend), story);
            points += 1 + slot.Skipped;
            since += slot.SinceLast ?? Duration.Zero;
            (firstSend, lastSend) = (firstSend ?? now, now);
            Assert.False(schedule.TryTake(now, out _), story);
        }

        Assert.Equal(lastSend - firstSend!.Value, since);
        Assert.Equal(((lastSend - first).Nanoseconds / interval.Nanoseconds) + 1, points);
    }

    [Fact]
    public void A_sender_that_is_always_a_little_late_does_not_drift_over_hours()
    {
        var schedule = new SendSchedule(default, s_interval);
        var beats = 4 * 3600 * 200;
        for (var i = 0; i < beats; i++)
        {
            Assert.True(schedule.TryTake(schedule.NextDue + Duration.FromMicroseconds(70), out var slot));
            Assert.Equal(0, slot.Skipped);
        }

        Assert.Equal(new MonoTime(s_interval.Nanoseconds * beats), schedule.NextDue);
    }

    [Fact]
    public void A_stall_is_answered_with_one_heartbeat_and_not_with_a_burst()
    {
        var schedule = new SendSchedule(default, s_interval);
        Assert.True(schedule.TryTake(default, out _));
        Assert.True(schedule.TryTake(new MonoTime(Duration.FromSeconds(3_600).Nanoseconds + 1), out var slot));
        Assert.Equal(((3_600 * 200) - 1, new Duration(1)), (slot.Skipped, slot.Lateness));
        Assert.False(schedule.TryTake(new MonoTime(Duration.FromSeconds(3_600).Nanoseconds + 2), out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void An_interval_that_is_none_is_refused(long nanoseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SendSchedule(default, new Duration(nanoseconds)));

    private static Duration Step(SplitMix64 random, Duration interval) => random.Below(100) switch
    {
        0 => interval * random.Below(10_000_000),
        < 10 => interval * random.Below(4),
        < 20 => Duration.Zero,
        _ => new Duration((long)(random.NextDouble() * 2 * interval.Nanoseconds)),
    };
}
