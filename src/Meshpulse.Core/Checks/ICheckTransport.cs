using Meshpulse.Core.Probing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Checks;

/// <summary>
/// What the checks ask of the network. The agent answers with sockets, the simulator with a model; neither decides anything.
/// No call may block, throw, or call back into the node before it returns.
/// </summary>
public interface ICheckTransport
{
    /// <summary>Opens a channel; where it can't be had, its sends say why.</summary>
    /// <returns>Its number, not in use by another.</returns>
    int Open(ProbeChannel channel);

    /// <summary>Nobody uses the channel any more.</summary>
    void Close(int channel);

    /// <summary>Sends a UDP datagram, or an ICMP echo with that payload.</summary>
    /// <param name="channel">The channel's number.</param>
    /// <param name="target">Where to.</param>
    /// <param name="sequence">For ICMP, what goes into the header; its lower 16 bits count.</param>
    /// <param name="payload">The datagram.</param>
    ProbeSend Send(int channel, NodeEndpoint target, ulong sequence, ReadOnlySpan<byte> payload);

    /// <summary>Begins a TCP connection; its end is told by <see cref="CheckNode.OnConnected"/> or <see cref="CheckNode.OnConnectFailed"/>.</summary>
    /// <param name="attempt">By which number it is told; not in use by another.</param>
    /// <param name="target">Where to.</param>
    /// <param name="dscp">Differentiated services code point, 0 to 63.</param>
    ProbeSend Connect(int attempt, NodeEndpoint target, int dscp);

    /// <summary>Drops a TCP connection, made or not; its number may be used again at once.</summary>
    void Abandon(int attempt);

    /// <summary>Begins an HTTP fetch, which decides about itself: away from the probing thread, as TLS and bodies take their time.</summary>
    ProbeSend Fetch(int probe);
}
