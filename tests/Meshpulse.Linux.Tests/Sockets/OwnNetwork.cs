using System.Runtime.InteropServices;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Tests.Interop;
using Meshpulse.Linux.Tests.Timing;

namespace Meshpulse.Linux.Tests.Sockets;

/// <summary>
/// A thread with a network of its own (a fresh namespace with nothing but loopback), whose settings a test may change
/// without anyone else's noticing: namespaces(7).
/// </summary>
internal static unsafe class OwnNetwork
{
    private const int CLONE_NEWNET = 0x40000000;
    private const int SIOCGIFFLAGS = 0x8913;
    private const int SIOCSIFFLAGS = 0x8914;
    private const short IFF_UP = 1;

    /// <summary>Runs the test there, as the only thread of that network.</summary>
    public static void Run(Action test)
    {
        var permitted = false;
        OwnThread.Run(() =>
        {
            permitted = unshare(CLONE_NEWNET) == 0;
            if (permitted)
            {
                BringLoopbackUp();
                test();
            }
        });
        Assert.SkipUnless(permitted, "a network namespace of one's own needs CAP_SYS_ADMIN");
    }

    /// <summary>Which groups may open ICMP datagram sockets; /proc/sys/net shows the network of the thread that opens it.</summary>
    public static void SetPingGroups(string range) => File.WriteAllText("/proc/sys/net/ipv4/ping_group_range", range);

    private static void BringLoopbackUp()
    {
        var fd = Libc.socket(SocketConstants.AF_INET, DatagramConstants.SOCK_DGRAM, 0);
        Assert.True(fd >= 0);
        // struct ifreq of net/if.h: 16 bytes of name, then the flags among others.
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        request[0] = (byte)'l';
        request[1] = (byte)'o';
        Assert.Equal(0, Libc.ioctl(fd, SIOCGIFFLAGS, (int*)request));
        *(short*)(request + 16) |= IFF_UP;
        Assert.Equal(0, Libc.ioctl(fd, SIOCSIFFLAGS, (int*)request));
        Assert.Equal(0, TestCalls.close(fd));
    }

    [DllImport("libc")]
    private static extern int unshare(int flags);
}
