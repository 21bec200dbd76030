using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Vitals;

public class NetworkTextTests
{
    [Fact]
    public void Softnet_is_hexadecimal_and_summed_over_CPUs()
    {
        var sums = NetworkText.Softnet("017b8cab 0000000a 00000006 00000000\n016498fd ffffffff 00000010 00000000\nnonsense\n"u8, out var cpus);
        Assert.Equal((0xffffffffL + 10, 0x16L, 2), (sums!.Value.Drops, sums.Value.Squeezes, cpus));
        Assert.Null(NetworkText.Softnet("x y z\n"u8, out cpus));
        Assert.Equal(0, cpus);
    }

    [Fact]
    public void Interfaces_are_summed_but_for_the_loopback()
    {
        var text = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo: 5121594623 40171522    9    9    9     9          0         0 5121594623 40171522    0    0    0     0       0          0
              eth0: 124437922    3357    5    7    2     1          0         0   178433    2117    0    0    0     0       0          0
             wlan0:1 1 1 10 4 5 0 0 1 1 0 0 0 0 0 0

            """;
        // FIFO and frame errors are among the errors of the first; the second's driver leaves them out.
        Assert.Equal(5 + 7 + 9 + 10, NetworkText.InterfaceErrors(System.Text.Encoding.ASCII.GetBytes(text), out var before));
        Assert.NotNull(NetworkText.InterfaceErrors(System.Text.Encoding.ASCII.GetBytes(text.Replace("wlan0", "wlan1", StringComparison.Ordinal)), out var after));
        Assert.NotEqual(before, after);
        Assert.Equal(0, NetworkText.InterfaceErrors("lo: 1 1 1 1 1 1\n"u8, out _));
        Assert.Null(NetworkText.InterfaceErrors("eth0: 1 1 1 1 1\n"u8, out _));
    }

    [Fact]
    public void Snmp_has_names_and_values_on_lines_of_their_own()
    {
        var text = """
            Tcp: RtoAlgorithm RtoMin RtoMax MaxConn RetransSegs InErrs
            Tcp: 1 200 120000 -1 2527 0
            Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors
            Udp: 28481634 496923 2585073 31752039 2585070
            UdpLite: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors
            UdpLite: 1 1 1 1 1

            """u8;
        Assert.Equal(2527, NetworkText.Snmp(text, "Tcp:"u8, "RetransSegs"u8));
        Assert.Equal(2585073, NetworkText.Udp(text, default, "InErrors"u8));
        Assert.Equal(2585070 + 4, NetworkText.Udp(text, "Udp6InErrors   \t3\nUdp6RcvbufErrors                \t4\nUdpLite6RcvbufErrors 9\n"u8, "RcvbufErrors"u8));
        Assert.Null(NetworkText.Snmp(text, "Tcp:"u8, "Unknown"u8));
        Assert.Null(NetworkText.Snmp(text, "Tcp:"u8, "MaxConn"u8));
        Assert.Null(NetworkText.Snmp("Udp: InErrors\nTcp: 5\n"u8, "Udp:"u8, "InErrors"u8));
        Assert.Null(NetworkText.Udp(default, "Udp6InErrors 3\n"u8, "InErrors"u8));
    }

    [Fact]
    public void Sums_beyond_what_fits_saturate() =>
        Assert.Equal(long.MaxValue, NetworkText.Udp("Udp: InErrors\nUdp: 9223372036854775807\n"u8, "Udp6InErrors 9223372036854775807\n"u8, "InErrors"u8));
}
