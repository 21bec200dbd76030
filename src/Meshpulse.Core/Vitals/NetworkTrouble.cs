namespace Meshpulse.Core.Vitals;

/// <summary>What the host's own network stack lost or repeated in a window; null where the kernel does not tell.</summary>
/// <param name="SoftnetDrops">Packets dropped since a CPU's backlog was full (/proc/net/softnet_stat).</param>
/// <param name="SoftnetSqueezes">How often a CPU's packet budget ran out.</param>
/// <param name="InterfaceErrors">Receive errors, drops, FIFO and frame errors of all interfaces but the loopback (/proc/net/dev).</param>
/// <param name="UdpReceiveErrors">UDP datagrams that could not be delivered, full buffers and bad checksums among them (/proc/net/snmp, snmp6).</param>
/// <param name="TcpRetransmits">TCP segments sent again.</param>
/// <param name="ReceiveDrops">Packets that our own sockets' queues had no room for (SO_RXQ_OVFL).</param>
public readonly record struct NetworkTrouble(
    long? SoftnetDrops,
    long? SoftnetSqueezes,
    long? InterfaceErrors,
    long? UdpReceiveErrors,
    long? TcpRetransmits,
    long? ReceiveDrops)
{
    /// <summary>Of <see cref="UdpReceiveErrors"/>, those for which a socket's buffer had no room.</summary>
    public long? UdpBufferErrors { get; init; }
}
