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
    private readonly Dictionary<int, (PathChannel Channel, int Port)> _channels = [];
    private readonly Func<PathWorld, PathChannel, ProbeSend> _opening;
    private StampResponder _responder;
    private MonoTime _now = new(1_000_000_000);
    private int _lastPort;
    private long _order;

    /// <param name="settings">Of path 1.</param>
    /// <param name="seed">Of all randomness.</param>
    /// <param name="opening">What comes of opening a channel; null where each can be had.</param>
    public PathWorld(PathSettings settings, ulong seed = 1, Func<PathWorld, PathChannel, ProbeSend>? opening = null)
    {
        _opening = opening ?? ((_, _) => ProbeSend.Sent);
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

    public List<PathMoment> Moments { get; } = [];

    public List<PingDecision> Decisions { get; } = [];

    public List<bool> Proofs { get; } = [];

    public List<(MonoTime At, int Length)> Requests { get; } = [];

    public long LostForward { get; private set; }

    public long LostBackward { get; private set; }

    public long Unsent { get; private set; }

    public long Strays { get; private set; }

    public long Stamped { get; private set; }

    public ProbeSend Outcome { get; set; }

    /// <summary>Each opening of a channel, whatever came of it.</summary>
    public List<(MonoTime At, PathChannel Channel)> Opens { get; } = [];

    public List<SocketGap> Gaps { get; } = [];

    public List<(UnsentCause Cause, int Error)> Causes { get; } = [];

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

        while (Node.TryEndWindow(_now))
        {
        }
    }

    public ProbeSend Open(int number, PathChannel channel, out int sourcePort)
    {
        Opens.Add((_now, channel));
        sourcePort = 0;
        var refusal = _opening(this, channel);
        if (refusal.Outcome == ProbeSendOutcome.Sent)
        {
            // Each socket has a port that none had before.
            sourcePort = 40_000 + ++_lastPort;
            _channels.Add(number, (channel, sourcePort));
        }

        return refusal;
    }

    public void Close(int channel) => Assert.True(_channels.Remove(channel));

    public ProbeSend Send(int channel, NodeEndpoint target, ReadOnlySpan<byte> payload, ulong? cookie)
    {
        Assert.Equal(Reflector, target);
        if (Outcome.Outcome != ProbeSendOutcome.Sent)
        {
            return Outcome;
        }

        var (from, port) = _channels[channel];
        if (from.IsWhole && payload.Length + 28 > LargestLocal)
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

        if (Loses(from.Flow, true, bytes.Length))
        {
            LostForward += from.IsWhole ? 0 : 1;
        }
        else if (Answers)
        {
            At(leaves + Forward, () => Reflect(channel, from, port, bytes));
        }

        return ProbeSend.Sent;
    }

    /// <summary>A flow's reply is lost in its queue on our side, and this is counted.</summary>
    public bool Drop(int flow)
    {
        Drops[flow]++;
        return true;
    }

    public uint DropsOf(int channel) => Drops[_channels[channel].Channel.Flow];

    public void OnSent(int path, in SendSlot slot)
    {
    }

    public void OnUnsent(int path, UnsentCause cause, long count, int error)
    {
        Unsent += count;
        Causes.Add((cause, error));
    }

    public void OnDecided(int path, in PingDecision decision) => Decisions.Add(decision);

    public void OnExchange(int path, in PathExchange exchange) => _ = Meter.Add(exchange);

    public void OnTotals(int path, in FlowTotals totals) => Meter.Add(totals);

    public void OnSocketGap(int path, in SocketGap gap) => Gaps.Add(gap);

    public void OnWindow(int path, in PathMoment moment)
    {
        Moments.Add(moment);
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

    private void Reflect(int channel, PathChannel from, int port, byte[] bytes)
    {
        var source = NodeEndpoint.FromBytes([192, 0, 2, 1], port);
        var received = WallOf(_now) + Offset;
        var arrival = new StampArrival(_now, received, source, Reflector) { Ttl = 60, TrafficClass = (byte)(from.Dscp << 2) };
        var packet = new byte[Math.Max(bytes.Length, 44)];
        if (_responder.Decide(arrival, bytes, packet, out var reply) != StampDecision.Answer)
        {
            return;
        }

        _responder.Seal(reply, received, packet);
        var leaves = _now + Dawdling;
        At(leaves, () => _responder.OnTransmitted(reply.Token, WallOf(leaves) + Offset, StampTimestampMethod.SoftwareLocal));
        if (Loses(from.Flow, false, reply.Length))
        {
            LostBackward += from.IsWhole ? 0 : 1;
            return;
        }

        var sent = packet.AsSpan(0, reply.Length).ToArray();
        At(leaves + Backward, () => Arrive(channel, port, sent));
    }

    /// <summary>To a port that is closed meanwhile nothing comes.</summary>
    private void Arrive(int channel, int port, byte[] reply)
    {
        if (_channels.TryGetValue(channel, out var known) && known.Port == port)
        {
            Node.OnDatagram(new PathArrival(channel, Reflector, WallOf(_now), _now, true, 61), reply);
        }
    }

    private void At(MonoTime time, Action happens) => _events.Enqueue(happens, (time.Nanoseconds, _order++));
}
