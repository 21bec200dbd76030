using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Linux.Tests.Sockets;

public sealed class WakeupTests
{
    [Fact]
    public void Many_rings_are_one_until_they_are_answered()
    {
        using var poller = new Poller(1);
        using var wakeup = new Wakeup();
        var events = new PollEvent[1];
        Assert.Equal(Errno.None, poller.Add(wakeup, 9));
        Assert.Equal(0, poller.Wait(events, Duration.Zero).Count);
        Assert.False(wakeup.Drain());

        wakeup.Signal();
        wakeup.Signal();
        Assert.Equal(1, poller.Wait(events, Duration.Zero).Count);
        Assert.Equal((9, true), (events[0].Token, events[0].Readable));
        Assert.True(wakeup.Drain());
        Assert.False(wakeup.Drain());
        Assert.Equal(0, poller.Wait(events, Duration.Zero).Count);
    }

    [Fact]
    public void Ringing_and_closing_after_the_end_do_nothing()
    {
        var wakeup = new Wakeup();
        wakeup.Dispose();
        wakeup.Dispose();
        wakeup.Signal();
        Assert.False(wakeup.Drain());
    }
}
