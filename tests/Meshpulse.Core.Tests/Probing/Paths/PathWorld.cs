using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Tests.Probing.Paths;

/// <summary>A node, one path, our reflector behind it and the network in between, under virtual time; every packet's fate is booked.</summary>
internal sealed class PathWorld : IPathTransport, IPathObserver
{
    public static readonly NodeEndpoint Reflector = NodeEndpoint.FromBytes([192, 0, 2, 7], 12222);

    private static readonly WallTime s_epoch = new(1_700_000_000_000_000_000);

    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly Dictionary<int, PathChannel> _channels = [];
    private StampResponder _responder;
    private MonoTime _now = new(1_000_000_000);
    private int _lastChannel;
    private long _order;

    public PathWorld(PathSettings settings, ulong seed = 1)
    {
        Settings = settings;
        Random = new SplitMix64(seed);
        _responder = NewResponder();
        Node = new PathNode(this, this, new SplitMix64(seed), _now);
        Meter = new PathMeter(settings, _now);
        Watch = new FlowWatch(settings);
        Node.Add(1, settings, Reflector, _now);
    }

    public delegate bool Filter(int flow, bool isForward, int length);

    public PathSettings Settings { get; }

    public SplitMix64 Random { get; }

    public PathNode Node { get; }

    public PathMeter Meter { get; private set; }

    public FlowWatch Watch { get; }

    public List<PathWindow> Windows { get; } = [];

    public List<PingDecision> Decisions { get; } = [];

    public List<bool> Proofs { get; } = [];

    public List<(MonoTime At, int Length)> Requests { get; } = [];

    public long LostForward { get; private set; }

    public long LostBackward { get; private set; }

    public long Unsent { get; private set; }

    public long Strays { get; private set; }

    public long Stamped { get; private set; }

    public ProbeSend Outcome { get; set; }

    public int? LargestLocal { get; set; }

    public bool Answers { get; set; } = true;

    public Duration Forward { get; set; } = Duration.FromMilliseconds(1);

    public Duration Backward { get; set; } = Duration.FromMilliseconds(1);

    /// <summary>What goes by between reading the clock and the packet's leaving, at either end.</summary>
    public Duration Dawdling { get; set; }

    /// <summary>By how much the reflector's clock is ahead.</summary>
    public Duration Offset { get; set; }

    /// <summary>True for what is lost.</summary>
    public Filter Loses { get; set; } = static (_, _, _) => false;

    /// <summary>Replies that a flow's queue on our side has dropped since the channel was opened.</summary>
    public uint[] Drops { get; } = new uint[PathSettings.MaxFlows];

    public MonoTime Now => _now;

    public static WallTime WallOf(MonoTime time) => s_epoch + new Duration(time.Nanoseconds);

    /// <summary>Lets time pass.</summary>
    /// <param name="time">How much.</param>
    /// <param name="asleep">Our thread does not run meanwhile.</param>
    public void Run(Duration time, bool asleep = false)
    {
        var end = _now + time;
        while (true)
        {
            var wake = asleep ? MonoTime.Never : Node.NextWake;
            var next = _events.TryPeek(out _, out var first) ? MonoTime.Min(wake, new MonoTime(first.At)) : wake;
            if (next > end)
            {
                break;
            }

            _now = new MonoTime(Math.Max(_now.Nanoseconds, next.Nanoseconds));
            while (_events.TryPeek(out var happens, out first) && first.At <= _now.Nanoseconds)
            {
                _events.Dequeue();
                happens();
            }

            if (_now >= wake)
            {
                Turn();
            }
        }

        _now = end;
    }

    /// <summary>The reflector forgets everything.</summary>
    public void RestartReflector() => _responder = NewResponder();

    public void Turn()
    {
        Node.OnLook(_now);
        while (Node.TrySendNext(new ClockPairing(_now, WallOf(_now))))
        {
        }

        while (Node.TryEndSecond(_now))
        {
        }
    }

    public int Open(PathChannel channel, out int sourcePort)
    {
        _channels.Add(++_lastChannel, channel);
        sourcePort = 40_000 + _lastChannel;
        return _lastChannel;
    }

    public void Close(int channel) => Assert.True(_channels.Remove(channel));

    public ProbeSend Send(int channel, NodeEndpoint target, ReadOnlySpan<byte> payload, ulong? cookie)
    {
        Assert.Equal(Reflector, target);
        if (Outcome.Outcome != ProbeSendOutcome.Sent)
        {
            return Outcome;
        }

        if (_channels[channel].IsWhole && payload.Length + 28 > LargestLocal)
        {
            return new ProbeSend(ProbeSendOutcome.Refused, 90);
        }

        Requests.Add((_now, payload.Length));
        var (leaves, bytes) = (_now + Dawdling, payload.ToArray());
        if (cookie is { } known)
        {
            Stamped++;
            At(leaves, () => Node.OnSendStamp(known, WallOf(leaves)));
        }

        if (Loses(FlowOf(channel), true, bytes.Length))
        {
            LostForward += _channels[channel].IsWhole ? 0 : 1;
        }
        else if (Answers)
        {
            At(leaves + Forward, () => Reflect(channel, bytes));
        }

        return ProbeSend.Sent;
    }

    /// <summary>A flow's reply is lost in its queue on our side, and this is counted.</summary>
    public bool Drop(int flow)
    {
        Drops[flow]++;
        return true;
    }

    public uint DropsOf(int channel) => Drops[_channels[channel].Flow];

    public void OnSent(int path, in SendSlot slot)
    {
    }

    public void OnUnsent(int path, UnsentCause cause, long count, int error) => Unsent += count;

    public void OnDecided(int path, in PingDecision decision) => Decisions.Add(decision);

    public void OnExchange(int path, in PathExchange exchange) => _ = Meter.Add(exchange);

    public void OnTotals(int path, in FlowTotals totals) => Meter.Add(totals);

    public void OnWindow(int path, in PathMoment moment)
    {
        Windows.Add(Meter.Cut(moment));
        Watch.Take(Windows[^1]);
    }

    public void OnIcmpError(int path, int error)
    {
    }

    public void OnStray(bool isMalformed, NodeEndpoint from) => Strays++;

    public void OnProven(int path, bool speaks, MonoTime now) => Proofs.Add(speaks);

    public override string ToString() => $"{Meter.Counts}; truth: {LostForward} there, {LostBackward} back";

    private StampResponder NewResponder() => new(
        new StampResponderOptions
        {
            Mode = Settings.Keys is null ? StampMode.Unauthenticated : StampMode.Authenticated,
            Keys = Settings.Keys,
            Sessions = 256,
        },
        seed: 1);

    private int FlowOf(int channel) => _channels.TryGetValue(channel, out var known) ? known.Flow : -1;

    private void Reflect(int channel, byte[] bytes)
    {
        var source = NodeEndpoint.FromBytes([192, 0, 2, 1], 40_000 + channel);
        var received = WallOf(_now) + Offset;
        var arrival = new StampArrival(_now, received, source, Reflector) { Ttl = 60, TrafficClass = (byte)((_channels.GetValueOrDefault(channel).Dscp << 2) & 0xff) };
        var packet = new byte[Math.Max(bytes.Length, 44)];
        if (_responder.Decide(arrival, bytes, packet, out var reply) != StampDecision.Answer)
        {
            return;
        }

        _responder.Seal(reply, received, packet);
        var leaves = _now + Dawdling;
        At(leaves, () => _responder.OnTransmitted(reply.Token, WallOf(leaves) + Offset, StampTimestampMethod.SoftwareLocal));
        if (Loses(FlowOf(channel), false, reply.Length))
        {
            LostBackward += _channels.GetValueOrDefault(channel).IsWhole ? 0 : 1;
            return;
        }

        var sent = packet.AsSpan(0, reply.Length).ToArray();
        At(leaves + Backward, () => Node.OnDatagram(new PathArrival(channel, Reflector, WallOf(_now), _now, true, 61), sent));
    }

    private void At(MonoTime time, Action happens) => _events.Enqueue(happens, (time.Nanoseconds, _order++));
}
