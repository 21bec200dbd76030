using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// What the probing of paths asks of the network. The agent answers with sockets, tests and the simulator with a model; neither decides
/// anything. No call may block, throw, or call back into the node before it returns.
/// </summary>
public interface IPathTransport
{
    /// <summary>Opens a channel; where it can't be had, its sends say why.</summary>
    /// <param name="channel">What it is for.</param>
    /// <param name="sourcePort">The UDP port that its packets come from; 0 where it could not be had.</param>
    /// <returns>Its number, not in use by another.</returns>
    int Open(PathChannel channel, out int sourcePort);

    /// <summary>Nobody uses the channel any more.</summary>
    void Close(int channel);

    /// <summary>Sends a UDP datagram.</summary>
    /// <param name="channel">The channel's number.</param>
    /// <param name="target">Where to.</param>
    /// <param name="payload">The datagram.</param>
    /// <param name="cookie">
    /// Comes back with the kernel's time of sending, where there is one (<see cref="PathNode.OnSendStamp"/>); null where that is not wanted.
    /// </param>
    ProbeSend Send(int channel, NodeEndpoint target, ReadOnlySpan<byte> payload, ulong? cookie);

    /// <summary>
    /// How many packets the channel's own receive queue has dropped since it was opened, modulo 2^32; may be a second old. They had come to this
    /// host: a loss that they explain is nobody else's.
    /// </summary>
    /// <param name="channel">The channel's number.</param>
    uint DropsOf(int channel);
}
