using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// What sockets that probe have in common: when datagrams came, what was dropped, what a refusal means. Belongs to the probing thread; its counts
/// may be read from any.
/// </summary>
internal sealed class ProbeTraffic
{
    /// <summary>Arrivals that the kernel stamped.</summary>
    public long KernelStamps { get; private set; }

    /// <summary>Arrivals of which the time of reading is all that is known.</summary>
    public long UserStamps { get; private set; }

    /// <summary>Datagrams dropped in receive queues, those of closed sockets included.</summary>
    public long Drops { get; private set; }

    /// <summary>How long our send calls take.</summary>
    public SendCalls SendCalls { get; } = new();

    /// <summary>How long stamped arrivals lay here before they were read.</summary>
    public DelayBuckets ReadDelays { get; } = new();

    /// <summary>What a send that failed is called.</summary>
    public static ProbeSend Refusal(Errno error) => new(
        error is Errno.EAGAIN or Errno.ENOBUFS or Errno.ENOMEM or Errno.EMFILE or Errno.ENFILE
            ? ProbeSendOutcome.Backpressure
            : ProbeSendOutcome.Refused,
        (int)error);

    /// <summary>When a datagram came, by both clocks.</summary>
    /// <param name="arrival">The datagram.</param>
    /// <param name="read">The clocks right after it was read.</param>
    /// <param name="emptiedAt">The last reading that found nothing more: no stamp to come is older.</param>
    /// <param name="at">By the kernel's stamp, or as it was read.</param>
    /// <returns>True where it is the kernel's.</returns>
    public bool Place(in UdpArrival arrival, ClockPairing read, ClockPairing emptiedAt, out ClockPairing at)
    {
        if (arrival.HasStamp && read.TryPlace(arrival.Stamp, emptiedAt, out var arrived))
        {
            KernelStamps++;
            ReadDelays.Record(read.Mono - arrived);
            at = new ClockPairing(arrived, arrival.Stamp);
            return true;
        }

        CountUnstamped();
        at = read;
        return false;
    }

    /// <summary>A datagram came of which the time of reading is all that is known.</summary>
    public void CountUnstamped() => UserStamps++;

    /// <summary>Asks a socket what it has dropped since the last time.</summary>
    /// <param name="socket">The socket; null for none.</param>
    /// <param name="seen">What it had dropped then.</param>
    /// <returns>What it has dropped by now.</returns>
    public uint CountDrops(DatagramSocket? socket, uint seen)
    {
        if (socket?.TryGetDrops(out var drops) != true)
        {
            return seen;
        }

        Drops += drops - seen;
        return drops;
    }
}
