using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Checkers;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Hosts;

/// <summary>
/// A host that runs the real <see cref="CheckNode"/> as the agent's probing thread does: it wakes when the node wants to, reads what has
/// arrived, takes what it was told, and lets the node send. It can be stalled: the kernel goes on receiving into queues of limited length,
/// and what they have no room for is dropped and counted.
/// </summary>
public sealed class SimCheckHost : ISimDatagramHost, ISimHost, ICheckTransport
{
    private const int CommandsPerTurn = 32;
    private const int HostUnreachable = 113;
    private const int ConnectionRefused = 111;

    private static readonly Duration s_idle = Duration.FromMilliseconds(50);

    private readonly SimDatagrams _datagrams;
    private readonly VirtualClock _clock;
    private readonly NodeEndpoint _address;
    private readonly SplitMix64 _random;
    private readonly Dictionary<int, Channel> _channels = [];
    private readonly Dictionary<NodeEndpoint, Channel> _byLocal = [];
    private readonly Dictionary<int, (int Attempt, MonoTime At)> _dials = [];
    private readonly Queue<Action<CheckNode>> _commands = [];
    private readonly Queue<Action<MonoTime>> _ready = [];
    private MonoTime _stalledUntil;
    private int _lastChannel;
    private int _lastDial;

    /// <summary>Starts a host without probes.</summary>
    /// <param name="datagrams">The network.</param>
    /// <param name="address">Its address; the port does not matter.</param>
    /// <param name="seed">Of the node, and of how late the host wakes.</param>
    public SimCheckHost(SimDatagrams datagrams, NodeEndpoint address, ulong seed)
    {
        (_datagrams, _clock, _address, _random) = (datagrams, datagrams.Network.Clock, address, new SplitMix64(seed));
        Ledger = new CheckLedger(_clock);
        Node = new CheckNode(this, Ledger, new SplitMix64(_random.Next()), _clock.Now);
        Sleep();
    }

    /// <summary>The node that is being tried.</summary>
    public CheckNode Node { get; }

    /// <summary>What the node said, beside what really happened.</summary>
    public CheckLedger Ledger { get; }

    /// <summary>When it ran.</summary>
    public List<MonoTime> Turns { get; } = [];

    /// <summary>How late it wakes at most, by chance.</summary>
    public Duration Lateness { get; set; }

    /// <summary>Datagrams that may wait in each channel's queue.</summary>
    public int QueueLimit { get; set; } = 10_000;

    /// <summary>Datagrams that the queues had no room for.</summary>
    public long Dropped { get; private set; }

    /// <summary>True while the host refuses to send, as one without a route.</summary>
    public bool RefusesToSend { get; set; }

    /// <summary>TCP connections under way.</summary>
    public int Dialing => _dials.Count;

    /// <summary>The channels that are open.</summary>
    public IEnumerable<ProbeChannel> Channels => _channels.Values.Select(c => c.Kind);

    /// <summary>Its processes don't run for a while.</summary>
    public void Stall(Duration span) => _stalledUntil = _clock.Now + span;

    /// <summary>Has something done between two turns' reading and sending, as another thread does.</summary>
    public void Post(Action<CheckNode> command) => _commands.Enqueue(command);

    /// <summary>Begins to probe.</summary>
    public void Add(int id, ProbeSettings settings, NodeEndpoint? target) => Post(node =>
    {
        Ledger.Begin(id, settings);
        node.Add(new CheckProbe(id, settings), target, _clock.Now);
    });

    /// <summary>Ends a probe.</summary>
    public void Remove(int id) => Post(node =>
    {
        Ledger.End(id);
        node.Remove(id);
    });

    /// <summary>Has a probe go elsewhere.</summary>
    public void SetTarget(int id, NodeEndpoint? target) => Post(node =>
    {
        Ledger.Retarget(id);
        node.SetTarget(id, target);
    });

    void ISimDatagramHost.Arrived(SimDatagram datagram)
    {
        var channel = _byLocal[datagram.To];
        if (channel.Queue.Count >= QueueLimit)
        {
            Dropped++;
            return;
        }

        channel.Queue.Enqueue((datagram, _clock.Now));
    }

    void ISimDatagramHost.Unreachable(NodeEndpoint local, NodeEndpoint remote)
    {
        var number = _byLocal[local].Number;
        _ready.Enqueue(_ => Node.OnIcmpError(number, remote, ConnectionRefused));
    }

    void ISimHost.Accepted(SimSocket socket) => socket.Close();

    void ISimHost.Connected(int connection, SimSocket socket)
    {
        socket.Close();
        if (_dials.TryGetValue(connection, out var dial))
        {
            var handshake = _clock.Now - dial.At;
            _ready.Enqueue(now => EndDial(connection, () =>
            {
                Ledger.Connected(dial.Attempt, dial.At + handshake);
                Node.OnConnected(dial.Attempt, handshake, now);
            }));
        }
    }

    void ISimHost.DialFailed(int connection, DialFailure failure)
    {
        if (_dials.TryGetValue(connection, out var dial))
        {
            _ready.Enqueue(now => EndDial(connection, () => Node.OnConnectFailed(dial.Attempt, ConnectionRefused, now)));
        }
    }

    void ISimHost.Readable(SimSocket socket)
    {
    }

    int ICheckTransport.Open(ProbeChannel channel)
    {
        var opened = new Channel(++_lastChannel, channel, _datagrams.Network.EphemeralPort(_address));
        _channels.Add(opened.Number, opened);
        _byLocal.Add(opened.Local, opened);
        _datagrams.Bind(opened.Local, this);
        return opened.Number;
    }

    void ICheckTransport.Close(int channel)
    {
        _ = _channels.Remove(channel, out var closed);
        _byLocal.Remove(closed!.Local);
        _datagrams.Unbind(closed.Local);
    }

    ProbeSend ICheckTransport.Send(int channel, NodeEndpoint target, ulong sequence, ReadOnlySpan<byte> payload)
    {
        if (RefusesToSend)
        {
            return new ProbeSend(ProbeSendOutcome.Refused, HostUnreachable);
        }

        var from = _channels[channel];
        var to = from.Kind.Kind == CheckKind.Icmp ? target.WithPort(0) : target;
        Ledger.Left(_datagrams.Send(from.Local, to, payload));
        return ProbeSend.Sent;
    }

    ProbeSend ICheckTransport.Connect(int attempt, NodeEndpoint target, int dscp)
    {
        if (RefusesToSend)
        {
            return new ProbeSend(ProbeSendOutcome.Refused, HostUnreachable);
        }

        _dials.Add(++_lastDial, (attempt, _clock.Now));
        Ledger.Dialed(attempt);
        _datagrams.Network.Dial(this, _lastDial, _datagrams.Network.EphemeralPort(_address), target);
        return ProbeSend.Sent;
    }

    void ICheckTransport.Abandon(int attempt)
    {
        foreach (var (dial, _) in _dials.Where(d => d.Value.Attempt == attempt).ToList())
        {
            _dials.Remove(dial);
        }
    }

    ProbeSend ICheckTransport.Fetch(int probe) => ProbeSend.Sent;

    private void EndDial(int dial, Action tell)
    {
        if (_dials.ContainsKey(dial))
        {
            tell();
        }
    }

    private void Sleep()
    {
        var wake = MonoTime.Min(Node.NextWake, _clock.Now + s_idle);
        _clock.At(wake + new Duration((long)(Lateness.Nanoseconds * _random.NextDouble())), Wake);
    }

    private void Wake()
    {
        var now = _clock.Now;
        if (now < _stalledUntil)
        {
            _clock.At(_stalledUntil, Wake);
            return;
        }

        Turns.Add(now);
        Look(now);
        for (var i = 0; i < CommandsPerTurn && _commands.TryDequeue(out var command); i++)
        {
            command(Node);
        }

        while (Node.TrySendNext(now))
        {
        }

        Sleep();
    }

    private void Look(MonoTime now)
    {
        Node.OnLook(now);
        while (_ready.TryDequeue(out var happened))
        {
            happened(now);
        }

        foreach (var channel in _channels.Values)
        {
            while (channel.Queue.TryDequeue(out var waiting))
            {
                Hand(channel, waiting.Datagram, waiting.At);
            }
        }
    }

    private void Hand(Channel channel, SimDatagram datagram, MonoTime arrived)
    {
        Ledger.Came(datagram, arrived);
        if (channel.Kind.Kind == CheckKind.Icmp)
        {
            Node.OnEcho(datagram.From, datagram.Bytes, arrived);
        }
        else
        {
            Node.OnDatagram(channel.Number, datagram.From, datagram.Bytes, arrived);
        }
    }

    private sealed record Channel(int Number, ProbeChannel Kind, NodeEndpoint Local)
    {
        public Queue<(SimDatagram Datagram, MonoTime At)> Queue { get; } = [];
    }
}
