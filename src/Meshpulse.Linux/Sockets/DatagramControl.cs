using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Linux.Interop.DatagramConstants;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>The ancillary messages of datagrams, read and written; lengths are checked, layouts are those of ip(7) and ipv6(7).</summary>
internal static unsafe class DatagramControl
{
    /// <summary>Bytes that the messages of <see cref="WriteSource"/> and <see cref="WriteStampRequest"/> take together at most.</summary>
    public const int SendRoom = 64;

    /// <summary>The time of SO_TIMESTAMPNS, or the first (software) one of SO_TIMESTAMPING's three; a zero is no stamp.</summary>
    public static bool TryReadStamp(ControlMessages message, out WallTime stamp)
    {
        if (message.Length < sizeof(Timespec))
        {
            stamp = default;
            return false;
        }

        stamp = new WallTime(((Timespec*)message.Data)->ToNanoseconds());
        return stamp != default;
    }

    /// <summary>A number of 0 to 255 in one byte (IP_TOS) or four (the others); -1 where there is none.</summary>
    public static int ReadNumber(ControlMessages message) =>
        message.Length >= sizeof(int) ? *(int*)message.Data : message.Length >= 1 ? *message.Data : -1;

    public static NodeEndpoint ReadLocalAddress(ControlMessages message, int port, out int interfaceIndex)
    {
        interfaceIndex = 0;
        if (message.Level == IPPROTO_IP && message.Length >= sizeof(InPktinfo))
        {
            // Where a group or broadcast was asked, spec_dst alone is an address that can answer; but datagram sockets of
            // ICMP, which are asked by no group, leave it 0 (seen on Linux 6.18).
            var v4 = *(InPktinfo*)message.Data;
            interfaceIndex = v4.ipi_ifindex;
            var asked4 = v4.ipi_spec_dst != 0 ? v4.ipi_spec_dst : v4.ipi_addr;
            return NodeEndpoint.FromBytes(new ReadOnlySpan<byte>(&asked4, 4), port);
        }

        if (message.Level == IPPROTO_IPV6 && message.Length >= sizeof(In6Pktinfo))
        {
            var v6 = (In6Pktinfo*)message.Data;
            interfaceIndex = (int)v6->ipi6_ifindex;
            var asked = NodeEndpoint.FromBytes(new ReadOnlySpan<byte>(v6->ipi6_addr, 16), port);
            return asked.IsMulticast ? default : asked;
        }

        return default;
    }

    /// <summary>Says which address a datagram shall come from; the interface is left to the routes.</summary>
    public static int WriteSource(byte* control, NodeEndpoint source)
    {
        if (source.IsV6)
        {
            In6Pktinfo v6 = default;
            source.WriteAddress(new Span<byte>(v6.ipi6_addr, 16));
            return ControlMessages.Write(control, IPPROTO_IPV6, IPV6_PKTINFO, v6);
        }

        InPktinfo v4 = default;
        source.WriteAddress(new Span<byte>(&v4.ipi_spec_dst, 4));
        return ControlMessages.Write(control, IPPROTO_IP, IP_PKTINFO, v4);
    }

    /// <summary>Asks for this one datagram's send stamp.</summary>
    public static int WriteStampRequest(byte* control) =>
        ControlMessages.Write(control, SOL_SOCKET, SO_TIMESTAMPING, (uint)SOF_TIMESTAMPING_TX_SOFTWARE);
}
