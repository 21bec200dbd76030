using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Sockets;

/// <summary>What <see cref="IcmpSocket.Open"/> was permitted.</summary>
/// <param name="Kind">What it got.</param>
/// <param name="DatagramError">Why there is no datagram socket; None where there is.</param>
/// <param name="RawError">Why there is no raw socket; None where there is or none was needed.</param>
public readonly record struct IcmpAccess(IcmpSocketKind Kind, Errno DatagramError, Errno RawError)
{
    /// <summary>One line for the operator, with what would help.</summary>
    public override string ToString() => Kind switch
    {
        IcmpSocketKind.Datagram => "ICMP echo by a datagram socket",
        IcmpSocketKind.Raw => $"ICMP echo by a raw socket (datagram socket: {Reason(DatagramError, "net.ipv4.ping_group_range has none of our groups")})",
        _ => $"no ICMP echo: datagram socket: {Reason(DatagramError, "net.ipv4.ping_group_range has none of our groups")};"
            + $" raw socket: {Reason(RawError, "CAP_NET_RAW is missing")}",
    };

    private static string Reason(Errno error, string permission) =>
        error is Errno.EACCES or Errno.EPERM ? permission : error.Text();
}
