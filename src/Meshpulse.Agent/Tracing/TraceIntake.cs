using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tracing;

/// <summary>What the channels share for taking answers: room for them, the session that they go to, and what is counted on the way.</summary>
internal sealed class TraceIntake(TraceSession session, NodeEndpoint target)
{
    private const int Room = 64;
    private const int DatagramBytes = 512;

    public UdpErrorBatch Errors { get; } = new(Room, DatagramBytes);

    public UdpBatch Arrivals { get; } = new(Room, DatagramBytes);

    public IcmpReply[] Replies { get; } = new IcmpReply[Room];

    public long Refused { get; private set; }

    public long KernelStamps { get; private set; }

    public long UserStamps { get; private set; }

    /// <summary>Something came that is none of ours.</summary>
    public void Refuse() => Refused++;

    /// <summary>An ICMP error that is about a probe of ours.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="id">Which probe; null where it quotes too little.</param>
    /// <param name="error">The entry.</param>
    /// <param name="emptiedAt">Before what was read now came, the socket was seen empty.</param>
    public void Take(int flow, int? id, in UdpError error, ClockPairing emptiedAt)
    {
        var meaning = IcmpMeaning.Of(error.Kind == UdpErrorKind.Icmp6, error.Type, error.Code, error.Offender.SameAddress(target));
        if (meaning.Kind == TraceAnswerKind.None)
        {
            Refused++;
            return;
        }

        var arrived = Place(error.Stamp, error.HasStamp, emptiedAt);
        Take(new TraceAnswer(flow, id, error.Offender, meaning.Kind, meaning.Refusal, arrived, error.TimeToLive));
    }

    /// <summary>The target's own answer.</summary>
    public void TakeFromTarget(int flow, int? id, MonoTime arrived, int timeToLive) =>
        Take(new TraceAnswer(flow, id, target.WithPort(0), TraceAnswerKind.Destination, TraceRefusal.None, arrived, timeToLive));

    /// <summary>The monotonic moment of an arrival: by its stamp where there is one that can be placed, else now.</summary>
    public MonoTime Place(WallTime stamp, bool hasStamp, ClockPairing emptiedAt)
    {
        var read = SystemClocks.Pair();
        if (hasStamp && read.TryPlace(stamp, emptiedAt, out var arrived))
        {
            KernelStamps++;
            return arrived;
        }

        UserStamps++;
        return read.Mono;
    }

    /// <summary>A time that needed no stamp.</summary>
    /// <param name="isKernel">The kernel measured it; else it was read off the clock here.</param>
    public void CountTime(bool isKernel) => (KernelStamps, UserStamps) = (KernelStamps + (isKernel ? 1 : 0), UserStamps + (isKernel ? 0 : 1));

    private void Take(in TraceAnswer answer) => _ = session.OnAnswer(answer);

    /// <summary>True for an error of the network's; what this host says of its own sends is not one.</summary>
    public static bool IsNetworks(in UdpError error) => error.Kind is UdpErrorKind.Icmp or UdpErrorKind.Icmp6 && error.Error != Errno.None;
}
