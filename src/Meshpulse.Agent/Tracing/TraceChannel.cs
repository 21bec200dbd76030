using System.Net;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tracing;

/// <summary>One flow's sockets: sends its probes, and takes what comes back.</summary>
internal abstract class TraceChannel(int flow, NodeEndpoint target) : IDisposable
{
    /// <summary>The flow's number, and the token of its sockets.</summary>
    public int Flow { get; } = flow;

    /// <summary>The source port, or the identifier of ICMP.</summary>
    public abstract int FlowId { get; }

    /// <summary>Whom the trace is to reach.</summary>
    protected NodeEndpoint Target { get; } = target;

    /// <summary>Sends a probe.</summary>
    /// <param name="probe">Which.</param>
    /// <param name="sent">The clock, read right before.</param>
    /// <returns>None; else this host refused it.</returns>
    public Errno Send(TraceProbe probe, out MonoTime sent) => Send(probe, Target, out sent);

    /// <summary>Goes all the way of a send to an address of the other family, which the kernel refuses: nothing leaves.</summary>
    public virtual void WarmUp(TraceProbe probe) => _ = Send(probe, Unreachable, out _);

    /// <summary>Takes all that waits.</summary>
    public abstract void Take(TraceIntake intake);

    /// <summary>Gives up what was sent before a time.</summary>
    public virtual void GiveUp(MonoTime sentBefore)
    {
    }

    /// <inheritdoc />
    public abstract void Dispose();

    /// <summary>An address that a socket for the target can't send to.</summary>
    protected NodeEndpoint Unreachable => NodeEndpoint.From(Target.IsV6 ? IPAddress.Loopback : IPAddress.IPv6Loopback, 9);

    /// <summary>Sends a probe to an address.</summary>
    protected abstract Errno Send(TraceProbe probe, NodeEndpoint to, out MonoTime sent);

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
