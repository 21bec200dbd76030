namespace Meshpulse.Linux.Sockets;

/// <summary>What happens to a datagram larger than the path's MTU: IP_MTU_DISCOVER of ip(7), IPV6_MTU_DISCOVER of ipv6(7).</summary>
public enum FragmentPolicy
{
    /// <summary>As the system is set (net.ipv4.ip_no_pmtu_disc).</summary>
    SystemDefault = 0,

    /// <summary>Fragments where needed, no "don't fragment" bit.</summary>
    Allow = 1,

    /// <summary>"Don't fragment" is set; larger than the known path MTU is refused with EMSGSIZE.</summary>
    Forbid = 2,

    /// <summary>"Don't fragment" is set and the known path MTU ignored (not the interface's): for finding the MTU.</summary>
    Probe = 3,
}
