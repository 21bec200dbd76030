namespace Meshpulse.Linux.Sockets;

/// <summary>Which kernel stamps a datagram socket has, from none to all; the machine may refuse the higher ones.</summary>
public enum UdpStamps
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>
    /// Arrivals, by SO_TIMESTAMPNS of socket(7), for kernels that refuse the better way. A datagram that came before the
    /// machine began to stamp gets the time of the <em>read</em> instead, and nothing tells it from a true stamp.
    /// </summary>
    ReceiveNanoseconds = 1,

    /// <summary>Arrivals, by SO_TIMESTAMPING with RX_SOFTWARE: what was not stamped on arrival has no stamp.</summary>
    Receive = 2,

    /// <summary>Arrivals, and those sends for which it is asked: see <see cref="UdpSocket.SendStamped"/>.</summary>
    ReceiveAndSend = 3,
}
