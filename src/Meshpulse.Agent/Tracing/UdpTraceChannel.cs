using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tracing;

/// <summary>A flow of UDP: one source port to one port of the target. All answers but a listener's come by the error queue.</summary>
internal sealed class UdpTraceChannel : TraceChannel
{
    private readonly UdpSocket _socket;
    private readonly TracePayload _payload;
    private ClockPairing _emptiedAt = SystemClocks.Pair();

    /// <exception cref="SocketSetupException">There is no socket to be had.</exception>
    /// <param name="flow">Its number.</param>
    /// <param name="target">Where to.</param>
    /// <param name="sourcePort">From where; 0 for any.</param>
    /// <param name="payload">Tells its probes apart.</param>
    /// <param name="poller">Waits for it.</param>
    public UdpTraceChannel(int flow, NodeEndpoint target, int sourcePort, TracePayload payload, Poller poller)
        : base(flow, target)
    {
        _payload = payload;
        _socket = UdpSocket.Open(NodeEndpoint.AnyAddress(target.IsV6, sourcePort), UdpOptions.Probe with { JoinsPort = sourcePort != 0 });
        // Where there is no route the sends will say so. Connected, nobody else's datagrams come.
        _ = _socket.ConnectTo(target);
        _ = poller.Add(_socket, flow, PollInterest.Read);
    }

    public override int FlowId => _socket.LocalEndpoint.Port;

    protected override Errno Send(TraceProbe probe, NodeEndpoint to, out MonoTime sent)
    {
        Span<byte> packet = stackalloc byte[TracePayload.Length];
        _payload.Write(packet, probe.Id);
        var error = _socket.SetTimeToLive(probe.TimeToLive);
        sent = SystemClocks.Mono();
        return error != Errno.None ? error : _socket.SendTo(packet, to).Error;
    }

    public override void Take(TraceIntake intake)
    {
        var before = SystemClocks.Pair();
        TakeErrors(_socket, intake.Errors, (in error, quoted) =>
        {
            if (error.Destination == Target && _payload.TryRead(quoted, out var id))
            {
                intake.Take(Flow, id, error, _emptiedAt);
            }
            else
            {
                intake.Refuse();
            }
        });
        TakeArrivals(intake);
        _emptiedAt = before;
    }

    public override void Dispose() => _socket.Dispose();

    /// <summary>Somebody listens at the target's port. What he says may be an echo of ours; else it names no probe.</summary>
    private void TakeArrivals(TraceIntake intake)
    {
        var arrivals = intake.Arrivals;
        do
        {
            _ = _socket.ReceiveBatch(arrivals);
            for (var i = 0; i < arrivals.Count; i++)
            {
                ref readonly var arrival = ref arrivals[i];
                if (arrival.Remote != Target)
                {
                    intake.Refuse();
                    continue;
                }

                var id = _payload.TryRead(arrivals.Bytes(i), out var known) ? known : null;
                intake.TakeFromTarget(Flow, id, intake.Place(arrival.Stamp, arrival.HasStamp, _emptiedAt), arrival.TimeToLive);
            }
        }
        while (arrivals.Count == arrivals.Capacity);
    }
}
