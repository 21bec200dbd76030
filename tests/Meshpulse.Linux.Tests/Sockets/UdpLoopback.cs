using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Linux.Tests.Sockets;

/// <summary>The waiting and sending that tests of datagram sockets need.</summary>
internal static class UdpLoopback
{
    public static bool HasIpv6 => File.Exists("/proc/net/if_inet6") && File.ReadAllText("/proc/net/if_inet6").Contains(" lo");

    public static NodeEndpoint Any => LoopbackPair.Endpoint("0.0.0.0:0");

    public static void SkipWithoutIpv6(string address) =>
        Assert.SkipUnless(HasIpv6 || address[0] != '[', "no IPv6 on the loopback interface");

    public static UdpSocket Open(string local, UdpOptions options = default) => UdpSocket.Open(LoopbackPair.Endpoint(local), options);

    /// <summary>Waits for anything: a datagram or an entry of the error queue.</summary>
    public static PollEvent Wait(PollableSocket socket, PollInterest interest = PollInterest.Read)
    {
        using var poller = new Poller(1);
        var events = new PollEvent[1];
        Assert.Equal(Errno.None, poller.Add(socket, 1, interest));
        Assert.Equal(new IoResult(1, Errno.None), poller.Wait(events, LoopbackPair.Patience));
        Assert.Equal(Errno.None, poller.Remove(socket));
        return events[0];
    }

    public static void Send(UdpSocket from, NodeEndpoint to, params byte[] bytes) =>
        Assert.Equal(new IoResult(bytes.Length, Errno.None), from.SendTo(bytes, to));

    /// <summary>Waits for one datagram and takes it.</summary>
    public static UdpArrival ReceiveOne(UdpSocket socket, UdpBatch batch)
    {
        Wait(socket);
        Assert.Equal(new IoResult(1, Errno.None), socket.ReceiveBatch(batch));
        return batch[0];
    }

    /// <summary>
    /// Sends until one comes. Needed where a socket that was closed a moment ago would have taken it: a process that a test beside this one is just starting has a copy of it,
    /// until it becomes the program that it starts, and what the kernel gives to that copy nobody reads.
    /// </summary>
    public static UdpArrival SendUntilReceived(UdpSocket from, UdpSocket to, UdpBatch batch)
    {
        using var poller = new Poller(1);
        var events = new PollEvent[1];
        Assert.Equal(Errno.None, poller.Add(to, 1, PollInterest.Read));
        var apart = Duration.FromMilliseconds(10);
        for (var waited = Duration.Zero; waited < LoopbackPair.Patience; waited += apart)
        {
            Send(from, to.LocalEndpoint, 1);
            if (poller.Wait(events, apart).Count > 0)
            {
                break;
            }
        }

        Assert.Equal(Errno.None, poller.Remove(to));
        Assert.True(to.ReceiveBatch(batch).Count > 0, "nothing came");
        return batch[0];
    }

    /// <summary>Waits for one entry of the error queue and takes it.</summary>
    public static UdpError ErrorOne(DatagramSocket socket, UdpErrorBatch batch)
    {
        Assert.True(Wait(socket, PollInterest.None).Error);
        Assert.Equal(new IoResult(1, Errno.None), socket.ReceiveErrors(batch));
        return batch[0];
    }

    /// <summary>Sends until stamps come: the machine switches stamping on a moment after the first socket asks.</summary>
    public static void WarmUp(UdpSocket from, UdpSocket to)
    {
        var batch = new UdpBatch(1, 64);
        for (var i = 0; i < 1_000; i++)
        {
            Send(from, to.LocalEndpoint, 0);
            if (ReceiveOne(to, batch).HasStamp)
            {
                return;
            }

            Assert.Equal(Errno.None, AbsoluteSleep.Until(SystemClocks.Mono() + Duration.FromMilliseconds(1)));
        }

        Assert.Fail("a thousand datagrams came without a stamp");
    }

    /// <summary>A port that nobody has.</summary>
    public static NodeEndpoint ClosedPort(string address) => LoopbackPair.Endpoint(address).WithPort(Ports.Next());
}
