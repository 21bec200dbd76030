using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Fabric;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Machines;

/// <summary>One host of a <see cref="World"/>: a kernel, clocks, a health, and the agent that runs on it, or none.</summary>
public sealed class Machine
{
    private const int FirstPort = 32_768;
    private const int DatagramOverhead = 28;
    private const int SynLength = 60;

    private static readonly Duration s_synTimeout = Duration.FromSeconds(1);

    private readonly World _world;
    private readonly SplitMix64 _random;
    private int _nextPort = FirstPort;
    private int _runs;

    internal Machine(World world, int index, string? datacenter, SplitMix64 random)
    {
        (_world, Index, Datacenter, _random) = (world, index, datacenter, random);
        Self = World.EndpointOf(index);
        Kernel = new Kernel(random);
        // Synchronised to a tenth of a millisecond or so, as by NTP in a hall.
        Clock = new MachineClock(
            world.Clock,
            Duration.FromMilliseconds(1 + random.Below(100_000_000)),
            Duration.FromMicroseconds(random.Below(200) - 100),
            (random.NextDouble() - 0.5) * 2);
        Health = new MachineHealth(world.Clock, Clock, Kernel, random) { KernelRuns = runs => Kernel.IsUp = runs };
    }

    /// <summary>Its place in the world, from 0.</summary>
    public int Index { get; }

    /// <summary>Its name, n1 and up.</summary>
    public string Name => World.NameOf(Index);

    /// <summary>Its datacenter; null where there is none.</summary>
    public string? Datacenter { get; }

    /// <summary>Where its agent listens.</summary>
    public NodeEndpoint Self { get; }

    /// <summary>Its clocks.</summary>
    public MachineClock Clock { get; }

    /// <summary>The agent; null while none runs.</summary>
    public AgentProcess? Agent { get; private set; }

    internal World World => _world;

    internal Kernel Kernel { get; }

    internal MachineHealth Health { get; }

    /// <summary>Starts the agent.</summary>
    public void Start()
    {
        Agent = new AgentProcess(this, new SplitMix64(_random.Next()), ++_runs);
        Agent.Begin();
    }

    /// <summary>The agent's process ends: the kernel closes its sockets.</summary>
    public void Kill()
    {
        Agent?.End(closes: true);
        Agent = null;
    }

    /// <summary>The operator stops the agent: it says so, and ends.</summary>
    public void Leave() => Agent?.Leave();

    /// <summary>The host vanishes: nobody is told.</summary>
    public void Vanish()
    {
        Kernel.IsUp = false;
        Agent?.End(closes: false);
        Agent = null;
    }

    /// <summary>The host comes back, with a new agent.</summary>
    public void Return()
    {
        Kernel.IsUp = true;
        Kernel.Boot++;
        Start();
    }

    /// <summary>The agent is held up for a while.</summary>
    public void Hold(StallCause cause, Duration length) => Health.Begin(cause, length);

    /// <summary>Its agent may use one CPU only.</summary>
    public void Pin() => Health.IsPinned = true;

    /// <summary>Its network stack drops packets: any from its backlog, or datagrams from sockets' buffers.</summary>
    public void SetDrops(double ofAll, double ofDatagrams) => (Kernel.BacklogDrops, Kernel.SocketDrops) = (ofAll, ofDatagrams);

    /// <summary>Whether the kernel takes its clock for synchronised.</summary>
    public void SetSynchronised(bool isSynchronised) => Health.IsClockSynchronised = isSynchronised;

    /// <summary>Segments that TCP sent again, and packets that the stack dropped.</summary>
    public (long Retransmits, long Dropped) NetworkCounts => (Kernel.Retransmits, Kernel.BacklogDropped + Kernel.SocketDropped);

    internal int NextPort() => _nextPort = _nextPort >= 60_000 ? FirstPort : _nextPort + 1;

    /// <summary>Sends a datagram to another machine.</summary>
    internal void Send(NodeEndpoint to, int sourcePort, ReadOnlySpan<byte> bytes)
    {
        var target = _world.Find(to);
        if (target is null || target == this || !Kernel.IsUp)
        {
            return;
        }

        if (!_world.RouteOf(this, target).TrySend(_world.Clock.Now, sourcePort, to.Port, bytes.Length + DatagramOverhead, out var packet))
        {
            return;
        }

        var datagram = new Datagram(this, sourcePort, to.Port, bytes.ToArray(), packet.HopLimit);
        if (packet.IsDamaged)
        {
            datagram.Damage(_random);
        }

        _world.Clock.At(packet.At, () => target.Arrive(datagram));
        if (packet.IsDoubled)
        {
            _world.Clock.At(packet.At + Duration.FromMicroseconds(5), () => target.Arrive(datagram));
        }
    }

    /// <summary>Calls another machine's agent. What is lost on the way is tried again after a second, and so on.</summary>
    internal void Dial(AgentProcess agent, int connection, NodeEndpoint to)
    {
        var port = NextPort();
        TryDial(agent, connection, port, _world.Find(to), s_synTimeout);
    }

    private void TryDial(AgentProcess agent, int connection, int port, Machine? target, Duration timeout)
    {
        if (target is null || agent != Agent || !agent.IsDialing(connection))
        {
            return;
        }

        if (!Kernel.IsUp || !_world.RouteOf(this, target).TrySend(_world.Clock.Now, port, target.Self.Port, SynLength, out var syn))
        {
            _world.Clock.After(timeout, () => TryDial(agent, connection, port, target, timeout * 2));
            return;
        }

        _world.Clock.At(syn.At, () =>
        {
            if (!target.TryAnswer(this, port, out var theirs, out var back))
            {
                _world.Clock.After(timeout, () => TryDial(agent, connection, port, target, timeout * 2));
                return;
            }

            _world.Clock.At(back, () => OnAnswered(agent, connection, port, target, theirs));
        });
    }

    /// <summary>The kernel answers a call, whatever the process does: with a connection where somebody listens, else with a refusal.</summary>
    private bool TryAnswer(Machine caller, int port, out (TcpEnd Mine, TcpEnd Theirs)? ends, out MonoTime back)
    {
        (ends, back) = (null, default);
        var route = _world.RouteOf(this, caller);
        if (!Kernel.IsUp || Kernel.DropsSegment() || !route.TrySend(_world.Clock.Now, Self.Port, port, SynLength, out var answer))
        {
            return false;
        }

        back = answer.At;
        if (Agent is not { } agent)
        {
            return true;
        }

        var mine = new TcpEnd(Kernel, route, Self.Port);
        var theirs = new TcpEnd(caller.Kernel, _world.RouteOf(caller, this), port);
        TcpEnd.Join(_world.Clock, mine, theirs);
        ends = (mine, theirs);
        agent.OnAccepted(new TcpSeat(mine, theirs, Self, caller.Self.WithPort(port)));
        return true;
    }

    private void OnAnswered(AgentProcess agent, int connection, int port, Machine target, (TcpEnd Mine, TcpEnd Theirs)? ends)
    {
        if (!Kernel.IsUp || agent != Agent)
        {
            return;
        }

        if (ends is not { } both)
        {
            agent.OnDialFailed(connection, DialFailure.Refused);
            return;
        }

        agent.OnConnected(connection, new TcpSeat(both.Theirs, both.Mine, Self.WithPort(port), target.Self));
    }

    private void Arrive(Datagram datagram)
    {
        if (!Kernel.IsUp || Kernel.DropsDatagram())
        {
            return;
        }

        if (Agent is { } agent && agent.TryTake(datagram))
        {
            return;
        }

        // Nobody listens there: the kernel says so.
        if (_world.RouteOf(this, datagram.From).TrySend(_world.Clock.Now, 0, 0, SynLength, out var error))
        {
            _world.Clock.At(error.At, () => datagram.From.Agent?.OnUnreachable(datagram.SourcePort, Self.WithPort(datagram.TargetPort)));
        }
    }
}
