using static Meshpulse.Linux.Interop.PollConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>One socket's state as <see cref="Poller.Wait"/> saw it. It holds until something is done about it (level-triggered).</summary>
public readonly record struct PollEvent
{
    private readonly uint _events;

    internal PollEvent(int token, uint events) => (Token, _events) = (token, events);

    /// <summary>The caller's name for the socket.</summary>
    public int Token { get; }

    /// <summary>A receive (or accept) will not say EAGAIN: there are bytes, an end of stream, or an error to collect.</summary>
    public bool Readable => (_events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;

    /// <summary>There is room to send, or a connection in progress has come to its end, well or badly.</summary>
    public bool Writable => (_events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0;

    /// <summary>The peer has finished sending; bytes may remain to be read.</summary>
    public bool PeerFinished => (_events & (EPOLLRDHUP | EPOLLHUP)) != 0;

    /// <summary>Both directions are closed.</summary>
    public bool Closed => (_events & EPOLLHUP) != 0;

    /// <summary>
    /// An error waits to be collected: by the next receive, send or <see cref="TcpSocket.FinishConnect"/>; of a datagram
    /// socket, by <see cref="DatagramSocket.ReceiveErrors"/>, send stamps included.
    /// </summary>
    public bool Error => (_events & EPOLLERR) != 0;
}
