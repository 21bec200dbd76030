using System.Buffers.Binary;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tracing;

/// <summary>A flow of TCP: one source port; a socket for each probe, one at a time, so that the socket tells which probe is answered.</summary>
internal sealed class TcpTraceChannel : TraceChannel
{
    private readonly Poller _poller;
    private readonly TcpProbeSocket _port;
    private TcpProbeSocket? _socket;
    private TraceProbe _probe;
    private MonoTime _sent;
    private ClockPairing _sentAt;

    /// <exception cref="SocketSetupException">There is no socket to be had.</exception>
    public TcpTraceChannel(int flow, NodeEndpoint target, Poller poller)
        : base(flow, target)
    {
        _poller = poller;
        _port = TcpProbeSocket.Reserve(NodeEndpoint.AnyAddress(target.IsV6, 0));
    }

    public override int FlowId => _port.LocalEndpoint.Port;

    protected override Errno Send(TraceProbe probe, NodeEndpoint to, out MonoTime sent)
    {
        End();
        _probe = probe;
        _sentAt = SystemClocks.Pair();
        sent = _sent = SystemClocks.Mono();
        _socket = TcpProbeSocket.Call(_port.LocalEndpoint, to, probe.TimeToLive, out var error);
        if (_socket is not null)
        {
            _ = _poller.Add(_socket, Flow, PollInterest.Write);
        }

        return error;
    }

    public override void WarmUp(TraceProbe probe) =>
        TcpProbeSocket.Call(_port.LocalEndpoint, Unreachable, 1, out _)?.Abort();

    public override void Take(TraceIntake intake)
    {
        if (_socket is null)
        {
            return;
        }

        _ = _socket.ReceiveErrors(intake.Errors);
        for (var i = 0; i < intake.Errors.Count; i++)
        {
            TakeError(intake, i);
        }

        var outcome = _socket.Outcome();
        var now = SystemClocks.Mono();
        if (outcome == Errno.None)
        {
            var time = _socket.HandshakeTime();
            intake.TakeFromTarget(Flow, _probe.Id, time is { } exact ? _sent + exact : now, -1);
            intake.CountTime(isKernel: time is not null);
        }
        else if (outcome == Errno.ECONNREFUSED && intake.Errors.Count == 0)
        {
            // A reset has no stamp.
            intake.TakeFromTarget(Flow, _probe.Id, now, -1);
            intake.CountTime(isKernel: false);
        }

        if (outcome != Errno.EINPROGRESS)
        {
            End();
        }
    }

    public override void GiveUp(MonoTime sentBefore)
    {
        if (_socket is not null && _sent <= sentBefore)
        {
            End();
        }
    }

    public override void Dispose()
    {
        End();
        _port.Dispose();
    }

    /// <summary>The kernel has matched ports and sequence number; the ports are in what came back all the same.</summary>
    private void TakeError(TraceIntake intake, int index)
    {
        ref readonly var error = ref intake.Errors[index];
        var quoted = intake.Errors.Bytes(index);
        if (!TraceIntake.IsNetworks(error))
        {
            return;
        }

        if (quoted.Length >= 4 && BinaryPrimitives.ReadUInt16BigEndian(quoted) == FlowId && BinaryPrimitives.ReadUInt16BigEndian(quoted[2..]) == Target.Port)
        {
            intake.Take(Flow, _probe.Id, error, _sentAt);
        }
        else
        {
            intake.Refuse();
        }
    }

    private void End()
    {
        _socket?.Abort();
        _socket = null;
    }
}
