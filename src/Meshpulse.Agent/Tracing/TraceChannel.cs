using System.Net;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tracing;

/// <summary>One flow's sockets: sends its probes, and takes what comes back.</summary>
internal abstract class TraceChannel(int flow) : IDisposable
{
    /// <summary>The flow's number, and the token of its sockets.</summary>
    public int Flow { get; } = flow;

    /// <summary>The source port, or the identifier of ICMP.</summary>
    public abstract int FlowId { get; }

    /// <summary>Sends a probe.</summary>
    /// <param name="sent">The clock, read right before.</param>
    /// <returns>None; else this host refused it.</returns>
    public abstract Errno Send(TraceProbe probe, out MonoTime sent);

    /// <summary>Goes all the way of a send to an address of the other family, which the kernel refuses: nothing leaves.</summary>
    public abstract void WarmUp(TraceProbe probe);

    /// <summary>Takes all that waits.</summary>
    public abstract void Take(TraceIntake intake);

    /// <summary>Gives up what was sent before a time.</summary>
    public virtual void GiveUp(MonoTime sentBefore)
    {
    }

    /// <inheritdoc />
    public abstract void Dispose();

    /// <summary>An address that a socket for <paramref name="target"/> can't send to.</summary>
    protected static NodeEndpoint Unreachable(NodeEndpoint target) =>
        NodeEndpoint.From(target.IsV6 ? IPAddress.Loopback : IPAddress.IPv6Loopback, 9);

    /// <summary>Takes the error queue of a datagram socket.</summary>
    protected delegate void ErrorTaker(in UdpError error, ReadOnlySpan<byte> quoted);

    protected static void TakeErrors(DatagramSocket socket, UdpErrorBatch errors, ErrorTaker take)
    {
        do
        {
            _ = socket.ReceiveErrors(errors);
            for (var i = 0; i < errors.Count; i++)
            {
                if (TraceIntake.IsNetworks(errors[i]))
                {
                    take(errors[i], errors.Bytes(i));
                }
            }
        }
        while (errors.Count == errors.Capacity);
    }
}
