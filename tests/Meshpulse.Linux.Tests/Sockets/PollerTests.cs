using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Tests.Timing;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Linux.Tests.Sockets;

public sealed class PollerTests
{
    [Fact]
    public void Each_socket_is_reported_under_its_token_for_what_was_asked()
    {
        using var pair = new LoopbackPair();
        using var poller = new Poller(8);
        var events = new PollEvent[8];
        Assert.Equal(Errno.None, poller.Add(pair.Client, 7, PollInterest.Read | PollInterest.Write));
        Assert.Equal(Errno.None, poller.Add(pair.Server, int.MaxValue, PollInterest.Read));

        Assert.Equal(1, pair.Client.Send([1]).Count);
        LoopbackPair.WaitUnread(pair.Server, 1);
        Assert.Equal(2, poller.Wait(events, Duration.Zero).Count);
        var (client, server) = events[0].Token == 7 ? (events[0], events[1]) : (events[1], events[0]);
        Assert.Equal((7, false, true), (client.Token, client.Readable, client.Writable));
        Assert.Equal((int.MaxValue, true, false), (server.Token, server.Readable, server.Writable));
        Assert.False(server.PeerFinished || server.Closed || server.Error);
    }

    [Fact]
    public void What_was_not_taken_is_reported_again()
    {
        using var pair = new LoopbackPair();
        using var poller = new Poller(8);
        var events = new PollEvent[8];
        Assert.Equal(Errno.None, poller.Add(pair.Server, -3, PollInterest.Read));
        Assert.Equal(2, pair.Client.Send([1, 2]).Count);
        LoopbackPair.WaitUnread(pair.Server, 2);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(1, poller.Wait(events, LoopbackPair.Patience).Count);
            Assert.Equal(-3, events[0].Token);
            Assert.Equal(1, pair.Server.Receive(new byte[1], out _, out _).Count);
        }

        Assert.Equal(0, poller.Wait(events, Duration.Zero).Count);
    }

    [Fact]
    public void Interest_and_token_can_be_changed_and_taken_away()
    {
        using var pair = new LoopbackPair();
        using var poller = new Poller(8);
        var events = new PollEvent[8];
        Assert.Equal(Errno.ENOENT, poller.Modify(pair.Client, 1, PollInterest.Write));
        Assert.Equal(Errno.None, poller.Add(pair.Client, 1, PollInterest.Write));
        Assert.Equal(Errno.EEXIST, poller.Add(pair.Client, 1, PollInterest.Write));
        Assert.Equal(1, poller.Wait(events, Duration.Zero).Count);
        Assert.Equal(Errno.None, poller.Modify(pair.Client, 1, PollInterest.None));
        Assert.Equal(0, poller.Wait(events, Duration.Zero).Count);
        Assert.Equal(Errno.None, poller.Modify(pair.Client, 2, PollInterest.Write));
        Assert.Equal(1, poller.Wait(events, Duration.Zero).Count);
        Assert.Equal(2, events[0].Token);
        Assert.Equal(Errno.None, poller.Remove(pair.Client));
        Assert.Equal(0, poller.Wait(events, Duration.Zero).Count);
        Assert.Equal(Errno.ENOENT, poller.Remove(pair.Client));
        Assert.Equal(Errno.None, poller.Add(pair.Client, 3, PollInterest.Write));
        pair.Client.Dispose();
        Assert.Equal(Errno.EBADF, poller.Modify(pair.Client, 3, PollInterest.Write));
    }

    [Fact]
    public void A_socket_belongs_to_one_poller_at_a_time()
    {
        using var pair = new LoopbackPair();
        using var one = new Poller(1);
        using var other = new Poller(1);
        Assert.Equal(Errno.None, one.Add(pair.Client, 1, PollInterest.Read));
        Assert.Equal(Errno.EBUSY, other.Add(pair.Client, 1, PollInterest.Read));
        Assert.Equal(Errno.None, one.Remove(pair.Client));
        Assert.Equal(Errno.None, other.Add(pair.Client, 1, PollInterest.Read));
    }

    [Fact]
    public void A_finished_peer_wakes_only_those_who_want_to_read()
    {
        using var pair = new LoopbackPair();
        using var poller = new Poller(1);
        var events = new PollEvent[1];
        Assert.Equal(Errno.None, pair.Client.ShutdownSend());
        LoopbackPair.WaitReadable(pair.Server);
        Assert.Equal(Errno.None, poller.Add(pair.Server, 1, PollInterest.None));
        Assert.Equal(0, poller.Wait(events, Duration.Zero).Count);
        Assert.Equal(Errno.None, poller.Modify(pair.Server, 1, PollInterest.Read));
        Assert.Equal(1, poller.Wait(events, Duration.Zero).Count);
        Assert.True(events[0].PeerFinished);
        Assert.True(events[0].Readable);
        Assert.False(events[0].Closed || events[0].Error);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(8, 1)]
    public void More_than_fits_is_reported_by_the_next_waits(int capacity, int room)
    {
        var pairs = Enumerable.Range(0, 5).Select(_ => new LoopbackPair()).ToList();
        using var poller = new Poller(capacity);
        var events = new PollEvent[room];
        for (var i = 0; i < pairs.Count; i++)
        {
            Assert.Equal(Errno.None, poller.Add(pairs[i].Client, i, PollInterest.Write));
        }

        var seen = new SortedSet<int>();
        for (var i = 0; i < pairs.Count; i++)
        {
            Assert.Equal(1, poller.Wait(events, LoopbackPair.Patience).Count);
            seen.Add(events[0].Token);
        }

        Assert.Equal([0, 1, 2, 3, 4], seen);
        pairs.ForEach(p => p.Dispose());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(50_000, true)]
    [InlineData(3_500_000, true)]
    [InlineData(1, false)]
    [InlineData(3_500_000, false)]
    public void Time_is_never_over_early(long nanoseconds, bool nanosecondWait)
    {
        using var poller = new Poller(1) { HasNanosecondWait = nanosecondWait };
        var start = SystemClocks.Mono();
        Assert.Equal(new IoResult(0, Errno.None), poller.Wait(new PollEvent[1], new Duration(nanoseconds)));
        Assert.True(SystemClocks.Mono() - start >= new Duration(nanoseconds));
    }

    [Fact]
    public void Signals_do_not_end_a_wait()
    {
        SignalStorm.During(static () =>
        {
            using var poller = new Poller(1);
            var start = SystemClocks.Mono();
            Assert.Equal(new IoResult(0, Errno.None), poller.Wait(new PollEvent[1], Duration.FromMilliseconds(50)));
            Assert.True(SystemClocks.Mono() - start >= Duration.FromMilliseconds(50));
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_an_end_it_waits_for_the_event(bool nanosecondWait)
    {
        using var poller = new Poller(1) { HasNanosecondWait = nanosecondWait };
        using var wakeup = new Wakeup();
        Assert.Equal(Errno.None, poller.Add(wakeup, 5));
        var ringer = new Thread(wakeup.Signal);
        ringer.Start();
        var events = new PollEvent[1];
        Assert.Equal(1, poller.Wait(events, Duration.MaxValue).Count);
        Assert.Equal(5, events[0].Token);
        ringer.Join();
    }

    [Fact]
    public void After_disposal_every_call_says_so()
    {
        using var pair = new LoopbackPair();
        using var wakeup = new Wakeup();
        var poller = new Poller(1);
        poller.Dispose();
        poller.Dispose();
        Assert.Equal(Errno.EBADF, poller.Add(pair.Client, 1, PollInterest.Read));
        Assert.Equal(Errno.EBADF, poller.Add(wakeup, 1));
        Assert.Equal(Errno.EBADF, poller.Wait(new PollEvent[1], Duration.Zero).Error);
        Assert.Equal(Errno.EBADF, poller.Wait(new PollEvent[1], Duration.FromSeconds(1)).Error);
    }

    [Fact]
    public void A_socket_outlives_its_poller()
    {
        using var pair = new LoopbackPair();
        var poller = new Poller(1);
        Assert.Equal(Errno.None, poller.Add(pair.Client, 1, PollInterest.Read));
        poller.Dispose();
        Assert.Equal(1, pair.Client.Send([1]).Count);
    }

    [Fact]
    public void Room_for_no_event_is_an_error()
    {
        using var poller = new Poller(1);
        Assert.Equal(Errno.EINVAL, poller.Wait([], Duration.Zero).Error);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Poller(0));
    }

    [Fact]
    public void Waiting_and_changing_interest_allocate_nothing()
    {
        using var pair = new LoopbackPair();
        using var poller = new Poller(4);
        var events = new PollEvent[4];
        Assert.Equal(Errno.None, poller.Add(pair.Client, 1, PollInterest.Write));
        Assert.Equal(Errno.None, poller.Add(pair.Server, 2, PollInterest.Read));
        Round();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                Round();
            }
        }));

        void Round()
        {
            _ = poller.Wait(events, Duration.Zero);
            _ = poller.Modify(pair.Client, 1, PollInterest.Read);
            _ = poller.Wait(events, new Duration(1_000));
            _ = poller.Modify(pair.Client, 1, PollInterest.Write);
            _ = poller.Wait(events, Duration.FromMilliseconds(1));
        }
    }
}
