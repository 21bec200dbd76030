namespace Meshpulse.Linux.Sockets;

/// <summary>The states of a connection, RFC 9293 section 3.3.2, with the numbers of Linux (netinet/tcp.h).</summary>
public enum TcpState
{
    /// <summary>Not a state of the protocol: nothing is known.</summary>
    None = 0,

    /// <summary>Open in both directions.</summary>
    Established = 1,

    /// <summary>SYN sent, nothing came back yet.</summary>
    SynSent = 2,

    /// <summary>SYN received, the handshake is not complete.</summary>
    SynReceived = 3,

    /// <summary>This end has finished; its FIN is not acknowledged.</summary>
    FinWait1 = 4,

    /// <summary>This end has finished and the peer knows.</summary>
    FinWait2 = 5,

    /// <summary>Over; waiting for stray segments to die.</summary>
    TimeWait = 6,

    /// <summary>No connection.</summary>
    Close = 7,

    /// <summary>The peer has finished; this end has not.</summary>
    CloseWait = 8,

    /// <summary>Both have finished; this end's FIN is not acknowledged.</summary>
    LastAck = 9,

    /// <summary>A listener.</summary>
    Listen = 10,

    /// <summary>Both ended at the same time.</summary>
    Closing = 11,
}
