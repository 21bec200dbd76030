using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Paths;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Bench.Stamp;

/// <summary>The paths of <see cref="PathPlan"/> without a network: each turn is another flow's, so that the caches see what they see in life.</summary>
internal sealed class ManyPaths
{
    private const int Port = 862;

    private static readonly Duration s_way = Duration.FromMicroseconds(25);

    private readonly SpscRing<Sample> _checkSamples = new(1 << 12);
    private readonly PathOutbox _outbox;
    private readonly QueuedPaths _network = new();
    private readonly PathNode _node;
    private readonly PathSeries[] _series;
    private readonly uint[] _replies = new uint[ushort.MaxValue + 1];
    private ClockPairing _now = new(new MonoTime(1_000_000_000), new WallTime(1_700_000_000_000_000_000));

    /// <param name="collects">What the node tells is made into series, by the same call.</param>
    public ManyPaths(bool collects)
    {
        _outbox = new PathOutbox(new CheckOutbox(_checkSamples));
        _node = new PathNode(_network, _outbox, new SplitMix64(1), _now.Mono);
        _series = collects ? [.. Enumerable.Range(0, PathPlan.Paths).Select(_ => NewSeries(_now.Mono))] : [];
        for (var i = 0; i < PathPlan.Paths; i++)
        {
            _node.Add(i, PathPlan.Settings, PathPlan.Target(i, Port), _now.Mono);
        }
    }

    /// <summary>What the collector keeps of a path.</summary>
    public static PathSeries NewSeries(MonoTime now) => new(new PathLabels("", "", []), PathPlan.Settings, isProven: true, now);

    /// <summary>One reply; and, on average, one probe sent, and what belongs to the ends of seconds.</summary>
    public void Exchange()
    {
        QueuedPaths.Packet packet;
        while (!_network.TryTake(out packet))
        {
            SendDue();
        }

        if (packet.Cookie is { } cookie)
        {
            _node.OnSendStamp(cookie, _now.Wall);
        }

        Answer(packet.Bytes);
        var back = s_way + s_way;
        _node.OnDatagram(new PathArrival(packet.Channel, packet.Target, _now.Wall + back, _now.Mono + back, IsStamped: true, 64), packet.Bytes);
        _network.GiveBack(packet);
    }

    /// <summary>The bench's own part of <see cref="Exchange"/>: a reply out of a request, in place.</summary>
    public void Answer(Span<byte> packet)
    {
        if (StampSenderView.TryCreate(packet, StampMode.Unauthenticated, out var view) != StampError.None)
        {
            return;
        }

        var request = view.Packet;
        ref var number = ref _replies[request.Ssid];
        var there = StampTimestamp.FromNanoseconds((_now.Wall + s_way).Nanoseconds, StampTimestampFormat.Ntp);
        _ = StampWire.WriteReply(
            packet,
            StampMode.Unauthenticated,
            new StampReflectorPacket(
                number, there, StampErrorEstimate.Unknown, request.Ssid, there, request.Sequence, request.Timestamp, request.ErrorEstimate, 255));
        var tlvs = packet[StampWire.UnauthenticatedLength..];
        tlvs[0] = 0;
        if (number > 0)
        {
            new StampFollowUp(number - 1, there, default).Write(tlvs.Slice(StampTlv.HeaderLength, StampFollowUp.Length));
        }

        number++;
    }

    /// <summary>A request as the node writes it, for those who want to answer one.</summary>
    public byte[] Request()
    {
        QueuedPaths.Packet packet;
        while (!_network.TryTake(out packet))
        {
            SendDue();
        }

        return packet.Bytes;
    }

    private void SendDue()
    {
        var due = MonoTime.Min(_node.NextWake, _now.Mono + Duration.FromMilliseconds(20));
        var passed = due - _now.Mono;
        _now = new ClockPairing(due, _now.Wall + passed);
        _node.OnLook(_now.Mono);
        while (_node.TrySendNext(_now))
        {
        }

        // As many as the agent's driver: 32 a turn.
        for (var left = 32; left > 0 && _node.TryEndWindow(_now.Mono); left--)
        {
        }

        Drain();
    }

    private void Drain()
    {
        while (_checkSamples.TryRead(out _))
        {
        }

        while (_outbox.Samples.TryRead(out var sample))
        {
            if (_series.Length > 0)
            {
                _series[sample.Path].Take(sample);
            }
        }
    }
}
