using Meshpulse.Linux.Interop;
using static Meshpulse.Linux.Interop.DatagramConstants;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>Turns <see cref="UdpOptions"/> into socket options of one family.</summary>
internal static class DatagramOptions
{
    private const int ReceiveFlags = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;

    // TX_SOFTWARE is left to each datagram's own request: a stamp costs ten times a receive stamp, and one in many will do.
    private const int SendFlags = ReceiveFlags | SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY;

    // Off for UDP, but on for ICMP unless told: two sockets with one identifier would take each other's answers.
    private static readonly Option NotShared = new(true, nameof(SO_REUSEADDR), SOL_SOCKET, SO_REUSEADDR, 0);

    private readonly record struct Option(bool Wanted, string Name, int Level, int Number, int Value);

    /// <summary>Sets all of <paramref name="options"/> but the stamps; stops at the first refusal and names it.</summary>
    public static Errno Apply(int fd, bool v6, in UdpOptions options, out string refused)
    {
        SetBuffer(fd, options.ReceiveBuffer, SO_RCVBUFFORCE, SO_RCVBUF);
        SetBuffer(fd, options.SendBuffer, SO_SNDBUFFORCE, SO_SNDBUF);
        foreach (var option in v6 ? ListV6(options) : ListV4(options))
        {
            var error = option.Wanted ? SocketOptions.Set(fd, option.Level, option.Number, option.Value) : Errno.None;
            if (error != Errno.None)
            {
                refused = option.Name;
                return error;
            }
        }

        refused = "";
        return Errno.None;
    }

    /// <summary>Asks for the wanted stamps, and for less where that is refused.</summary>
    /// <returns>What is in force.</returns>
    public static UdpStamps EnableStamps(int fd, UdpStamps wanted)
    {
        if (wanted >= UdpStamps.ReceiveAndSend && SetTimestamping(fd, SendFlags) == Errno.None)
        {
            return UdpStamps.ReceiveAndSend;
        }

        if (wanted >= UdpStamps.Receive && SetTimestamping(fd, ReceiveFlags) == Errno.None)
        {
            return UdpStamps.Receive;
        }

        return wanted >= UdpStamps.ReceiveNanoseconds && SocketOptions.Set(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1) == Errno.None
            ? UdpStamps.ReceiveNanoseconds
            : UdpStamps.None;
    }

    /// <summary>Makes the kernel number send stamps from 0 again: it does so when ids are switched on.</summary>
    public static void RestartStampIds(int fd)
    {
        _ = SetTimestamping(fd, ReceiveFlags);
        _ = SetTimestamping(fd, SendFlags);
    }

    private static Errno SetTimestamping(int fd, int flags) => SocketOptions.Set(fd, SOL_SOCKET, SO_TIMESTAMPING, flags);

    /// <summary>Never fails: the kernel cuts what is too much, and the forced way merely needs a capability.</summary>
    private static void SetBuffer(int fd, int bytes, int forced, int plain)
    {
        if (bytes > 0 && SocketOptions.Set(fd, SOL_SOCKET, forced, bytes) != Errno.None)
        {
            _ = SocketOptions.Set(fd, SOL_SOCKET, plain, bytes);
        }
    }

    private static Option[] ListV4(in UdpOptions options) =>
    [
        NotShared,
        new(options.JoinsPort, nameof(SO_REUSEPORT), SOL_SOCKET, SO_REUSEPORT, 1),
        new(options.ReportDrops, nameof(SO_RXQ_OVFL), SOL_SOCKET, SO_RXQ_OVFL, 1),
        new(options.ReportLocalAddress, nameof(IP_PKTINFO), IPPROTO_IP, IP_PKTINFO, 1),
        new(options.ReportTimeToLive, nameof(IP_RECVTTL), IPPROTO_IP, IP_RECVTTL, 1),
        new(options.ReportTypeOfService, nameof(IP_RECVTOS), IPPROTO_IP, IP_RECVTOS, 1),
        new(options.ReportErrors, nameof(IP_RECVERR), IPPROTO_IP, IP_RECVERR, 1),
        new(options.Fragments != FragmentPolicy.SystemDefault, nameof(IP_MTU_DISCOVER), IPPROTO_IP, IP_MTU_DISCOVER, ValueOf(options.Fragments)),
        new(options.TypeOfService != 0, nameof(IP_TOS), IPPROTO_IP, IP_TOS, ByteOrInvalid(options.TypeOfService)),
        new(options.TimeToLive != 0, nameof(IP_TTL), IPPROTO_IP, IP_TTL, ByteOrInvalid(options.TimeToLive)),
    ];

    private static Option[] ListV6(in UdpOptions options) =>
    [
        NotShared,
        new(options.JoinsPort, nameof(SO_REUSEPORT), SOL_SOCKET, SO_REUSEPORT, 1),
        new(options.ReportDrops, nameof(SO_RXQ_OVFL), SOL_SOCKET, SO_RXQ_OVFL, 1),
        new(options.ReportLocalAddress, nameof(IPV6_RECVPKTINFO), IPPROTO_IPV6, IPV6_RECVPKTINFO, 1),
        new(options.ReportTimeToLive, nameof(IPV6_RECVHOPLIMIT), IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1),
        new(options.ReportTypeOfService, nameof(IPV6_RECVTCLASS), IPPROTO_IPV6, IPV6_RECVTCLASS, 1),
        new(options.ReportErrors, nameof(IPV6_RECVERR), IPPROTO_IPV6, IPV6_RECVERR, 1),
        new(options.Fragments != FragmentPolicy.SystemDefault, nameof(IPV6_MTU_DISCOVER), IPPROTO_IPV6, IPV6_MTU_DISCOVER, ValueOf(options.Fragments)),
        new(options.TypeOfService != 0, nameof(IPV6_TCLASS), IPPROTO_IPV6, IPV6_TCLASS, ByteOrInvalid(options.TypeOfService)),
        new(options.TimeToLive != 0, nameof(IPV6_UNICAST_HOPS), IPPROTO_IPV6, IPV6_UNICAST_HOPS, ByteOrInvalid(options.TimeToLive)),
    ];

    /// <summary>IP_TOS would cut the figure and -1 mean "the default" elsewhere: what is no byte becomes what every option refuses.</summary>
    private static int ByteOrInvalid(int value) => value is >= 0 and <= 255 ? value : int.MaxValue;

    private static int ValueOf(FragmentPolicy policy) => policy switch
    {
        FragmentPolicy.Allow => IP_PMTUDISC_DONT,
        FragmentPolicy.Forbid => IP_PMTUDISC_DO,
        FragmentPolicy.Probe => IP_PMTUDISC_PROBE,
        _ => int.MaxValue,
    };
}
