using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Linux.Tests.Sockets;

/// <summary>That it finds what is there, and says where nothing is.</summary>
public sealed class StampSelfTestTests
{
    [Fact]
    public void This_kernel_stamps_both_directions_of_both_families_and_none_of_its_stamps_is_untrue()
    {
        // While these are open the machine stamps.
        using var warm = UdpLoopback.Open("127.0.0.1:0", new UdpOptions { Stamps = UdpStamps.ReceiveAndSend });
        using var other = UdpLoopback.Open("127.0.0.1:0", new UdpOptions { Stamps = UdpStamps.Receive });
        UdpLoopback.WarmUp(warm, other);

        var findings = StampSelfTest.Run();
        Assert.Equal(UdpLoopback.HasIpv6 ? [false, true] : [false], findings.Select(f => f.IsV6));
        Assert.All(findings, found =>
        {
            Assert.Equal(Errno.None, found.Error);
            AssertKernel(found.Receive);
            AssertKernel(found.Send);
        });
    }

    [Fact]
    public void Sockets_that_do_not_stamp_are_found_out()
    {
        using var receiver = UdpLoopback.Open("127.0.0.1:0");
        using var sender = UdpLoopback.Open("127.0.0.1:0");
        using var test = new StampSelfTest(sender, receiver);
        var found = test.Measure();
        Assert.True(found.Receive.Packets > 0, "no packet came back");
        Assert.Equal((0, StampSource.User), (found.Receive.Stamped, found.Receive.Source));
        Assert.Equal((0, StampSource.User), (found.Send.Stamped, found.Send.Source));
    }

    [Fact]
    public void Where_no_packet_comes_back_the_test_ends_and_claims_nothing()
    {
        using var receiver = UdpLoopback.Open("127.0.0.1:0", new UdpOptions { Stamps = UdpStamps.Receive });
        using var sender = UdpLoopback.Open("127.0.0.1:0", new UdpOptions { Stamps = UdpStamps.ReceiveAndSend });
        using var elsewhere = UdpLoopback.Open("127.0.0.1:0");
        // Connected to somebody else, it takes nothing from the sender.
        Assert.Equal(Errno.None, receiver.ConnectTo(elsewhere.LocalEndpoint));
        using var test = new StampSelfTest(sender, receiver);
        var found = test.Measure();
        Assert.Equal((0, StampSource.User), (found.Receive.Packets, found.Receive.Source));
        Assert.Equal((0, StampSource.User), (found.Send.Packets, found.Send.Source));
    }

    [Theory]
    [InlineData(10, 10, 0, StampSource.Kernel)]
    [InlineData(10, 6, 0, StampSource.Kernel)]
    [InlineData(10, 5, 0, StampSource.User)]
    [InlineData(10, 10, 5, StampSource.User)]
    [InlineData(0, 0, 0, StampSource.User)]
    public void The_kernel_is_the_source_where_most_of_its_stamps_are_there_and_true(int packets, int stamped, int untrue, StampSource expected)
    {
        var distances = Enumerable.Range(0, stamped - untrue).Select(i => 10_000L - i).ToArray();
        var quality = StampQuality.Of(packets, stamped, untrue, distances);
        Assert.Equal(expected, quality.Source);
        Assert.Equal(stamped - untrue, quality.True);
        Assert.Equal(new Duration(distances.Length == 0 ? 0 : 10_000), quality.Worst);
    }

    [Fact]
    public void The_median_is_the_middle_one() =>
        Assert.Equal(new StampQuality(3, 3, 0, new Duration(20), new Duration(900)), StampQuality.Of(3, 3, 0, [900, 10, 20]));

    private static void AssertKernel(StampQuality quality)
    {
        Assert.True(quality.Packets > 0, "no packet came back");
        Assert.Equal((StampSource.Kernel, 0), (quality.Source, quality.Untrue));
        Assert.InRange(quality.Median.Nanoseconds, 1, quality.Worst.Nanoseconds);
    }
}
