using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// Writes the packets of an agent's paths, hands them to the transport, and decides which of them the kernel tells the time of sending for:
/// all as long as that costs little, else every n-th of a flow.
/// </summary>
internal sealed class PathSender(IPathTransport transport)
{
    // A time of sending costs some 800 ns: at this rate less than a hundredth of a core.
    private const double MostStampsPerSecond = 8_000;

    private static readonly Duration s_answersRecently = Duration.FromSeconds(1);

    private readonly byte[] _buffer = new byte[StampWire.MaxLength];
    private double _rate;
    private int _stampEvery = 1;

    /// <summary>A path is probed from now on.</summary>
    public void Add(PathSettings settings) => ChangeRate(1 / settings.Interval.Seconds);

    /// <summary>A path is no longer probed.</summary>
    public void Remove(PathSettings settings) => ChangeRate(-1 / settings.Interval.Seconds);

    /// <summary>
    /// Whether the kernel is asked when a packet left. Flows that began together are not all stamped at once: that would be a burst in the error queues,
    /// and nothing in between.
    /// </summary>
    public bool IsStamped(PathFlow flow, long sequence) => (sequence + flow.Slot) % _stampEvery == 0;

    /// <summary>Sends the next packet of a flow whose target has an address.</summary>
    public ProbeSend Send(PathFlow flow, StampForm form, ClockPairing now, MonoTime intended)
    {
        if (flow.Channel is not { IsOpen: true } channel)
        {
            return flow.Channel!.Opened;
        }

        var packet = _buffer.AsSpan(0, form.Length);
        var number = flow.Session.NextSequence;
        form.Write(packet, number, now.Wall, flow.Ssid, flow.Dscp);
        var cookie = IsStamped(flow, number.Value) ? ((ulong)(uint)flow.Slot << 32) | number.Value : (ulong?)null;
        var sent = transport.Send(channel.Number, flow.Path.Target!.Value, packet, cookie);
        if (sent.Outcome == ProbeSendOutcome.Sent)
        {
            _ = flow.Session.OnSent(now.Mono, intended, now.Wall);
        }

        return sent;
    }

    /// <summary>Sends the next try of a search for the largest packet that passes.</summary>
    public void SendSearch(PathProbe path, PathSearch search, ClockPairing now)
    {
        // A name that had no address may turn out to have one of the family with the longer header.
        var form = path.FormOf(Math.Max(path.Settings.Payload, search.Begin() - PathProbe.OverheadOf(path.Target)));
        var sent = path.Target is null ? new ProbeSend(ProbeSendOutcome.Refused, 0) : Send(search.Flow!, form, now, now.Mono);
        if (sent.Outcome != ProbeSendOutcome.Sent)
        {
            // It is the size where this host sends others, unless the search alone has no socket.
            var isOpen = search.Flow!.Channel is { IsOpen: true };
            search.OnRefused(now.Mono, isSize: isOpen && sent.Outcome == ProbeSendOutcome.Refused && path.LastAnswer >= now.Mono - s_answersRecently);
        }
    }

    private void ChangeRate(double change)
    {
        _rate += change;
        _stampEvery = Math.Max(1, (int)Math.Ceiling(_rate / MostStampsPerSecond));
    }
}
