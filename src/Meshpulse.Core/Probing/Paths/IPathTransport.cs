using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// What the probing of paths asks of the network. The agent answers with sockets, tests and the simulator with a model; neither decides
/// anything. No call may block, throw, or call back into the node before it returns.
/// </summary>
public interface IPathTransport
{
    /// <summary>Opens a channel. One that could not be had is asked for again by and by, and nothing is sent by it meanwhile.</summary>
    /// <param name="number">By which it is known until it is closed; a small one, not in use by another that is open.</param>
    /// <param name="channel">What it is for.</param>
    /// <param name="sourcePort">The UDP port that its packets come from; 0 where it could not be had.</param>
    /// <returns>Sent where it is open; else what its probes come to: no room, or a refusal, with the system's reason.</returns>
    ProbeSend Open(int number, PathChannel channel, out int sourcePort);

    /// <summary>Nobody uses the channel any more. Only for one that is open.</summary>
    void Close(int number);

    /// <summary>Sends a UDP datagram.</summary>
    /// <param name="channel">The channel's number; it is open.</param>
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
