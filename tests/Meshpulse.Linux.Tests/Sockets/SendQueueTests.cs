using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Linux.Tests.Sockets;

/// <summary>What waits in the kernel when the peer does not read.</summary>
public sealed class SendQueueTests
{
    private const int Mark = 4096;
    private const int FrameSize = 28;

    // The kernel's last buffer takes up to one segment of the largest size, whatever the mark says.
    private const int LargestSegment = 65536;

    [Fact]
    public void With_kept_boundaries_the_mark_holds_to_one_frame()
    {
        using var pair = new LoopbackPair(LoopbackPair.Plain with { NotSentLowWater = Mark, KeepFrameBoundaries = true });
        var (_, peak) = FillUp(pair.Client, FrameSize);
        Assert.InRange(peak, Mark, Mark + FrameSize);
    }

    [Fact]
    public void With_joined_frames_the_mark_holds_to_one_segment()
    {
        using var pair = new LoopbackPair(LoopbackPair.Plain with { NotSentLowWater = Mark });
        var (_, peak) = FillUp(pair.Client, FrameSize);
        // Above the mark by far: the finding that TcpOptions.KeepFrameBoundaries exists for.
        Assert.InRange(peak, 2 * Mark, Mark + LargestSegment);
    }

    [Fact]
    public void Without_a_mark_far_more_waits()
    {
        using var pair = new LoopbackPair();
        _ = FillUp(pair.Client, 1028);
        Assert.True(pair.Client.UnsentBytes().Count > Mark + LargestSegment);
        var info = Info(pair.Client);
        Assert.True(info.NotSentBytes > Mark + LargestSegment);
        Assert.True(pair.Client.UnacknowledgedBytes().Count >= pair.Client.UnsentBytes().Count);
    }

    [Fact]
    public void A_peer_that_reads_again_makes_room()
    {
        using var pair = new LoopbackPair(LoopbackPair.Plain with { NotSentLowWater = Mark, KeepFrameBoundaries = true });
        var (sent, _) = FillUp(pair.Client, FrameSize);
        using var poller = new Poller(1);
        var events = new PollEvent[1];
        Assert.Equal(Errno.None, poller.Add(pair.Client, 1, PollInterest.Write));

        var received = 0L;
        var buffer = new byte[65536];
        while (received < sent)
        {
            LoopbackPair.WaitReadable(pair.Server);
            var result = pair.Server.Receive(buffer, out _, out _);
            Assert.True(result.Count > 0, result.ToString());
            received += result.Count;
        }

        Assert.Equal(sent, received);
        LoopbackPair.WaitUnread(pair.Server, 0);
        Assert.True(poller.Wait(events, LoopbackPair.Patience).Count == 1 && events[0].Writable);
        Assert.Equal(FrameSize, pair.Client.Send(new byte[FrameSize]).Count);
    }

    /// <summary>Sends until the kernel takes no more; tells how much it took and how much of it waited at most.</summary>
    private static (long Sent, int Peak) FillUp(TcpSocket socket, int frameSize)
    {
        var frame = new byte[frameSize];
        var (sent, peak) = (0L, 0);
        while (sent < 100_000_000)
        {
            var result = socket.Send(frame);
            peak = Math.Max(peak, socket.UnsentBytes().Count);
            if (!result.Ok)
            {
                Assert.True(result.WouldBlock, result.ToString());
                return (sent, peak);
            }

            sent += result.Count;
        }

        Assert.Fail("a peer that does not read took 100 MB");
        return default;
    }

    private static TcpInfoSnapshot Info(TcpSocket socket)
    {
        Assert.True(socket.TryGetTcpInfo(out var info));
        return info;
    }
}
