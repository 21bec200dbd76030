using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Network;

/// <summary>
/// The datagrams of a <see cref="SimNetwork"/>, whose clock and cuts they share: each direction between two addresses loses,
/// delays, doubles and reorders them as it is told to, by a seed. Where nobody listens the sender hears so, as by an ICMP error.
/// </summary>
public sealed class SimDatagrams(SimNetwork network, ulong seed)
{
    private readonly Dictionary<NodeEndpoint, ISimDatagramHost> _bound = [];
    private readonly Dictionary<(NodeEndpoint From, NodeEndpoint To), Direction> _directions = [];
    private readonly SplitMix64 _random = new(seed);

    /// <summary>The network that they belong to.</summary>
    public SimNetwork Network => network;

    /// <summary>What directions do that were told nothing else.</summary>
    public DatagramFaults Faults { get; set; } = new();

    /// <summary>Datagrams that vanished on the way, those into a cut included.</summary>
    public long Vanished { get; private set; }

    /// <summary>Copies that the network made.</summary>
    public long Doubled { get; private set; }

    /// <summary>Datagrams that came where nobody listens.</summary>
    public long Unclaimed { get; private set; }

    /// <summary>A host takes an endpoint.</summary>
    public void Bind(NodeEndpoint at, ISimDatagramHost host) => _bound.Add(at, host);

    /// <summary>Nobody listens there any more; what is on its way there finds nobody.</summary>
    public void Unbind(NodeEndpoint at) => _bound.Remove(at);

    /// <summary>Says what one direction between two addresses does from now on.</summary>
    public void SetFaults(NodeEndpoint from, NodeEndpoint to, DatagramFaults faults) => Find(from, to).Faults = faults;

    /// <summary>Sends a datagram. Nobody checks whom it claims to be from.</summary>
    /// <param name="from">Whom it claims to be from.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="bytes">Its payload, which is copied.</param>
    /// <param name="cause">The datagram that it answers.</param>
    public SimDatagram Send(NodeEndpoint from, NodeEndpoint to, ReadOnlySpan<byte> bytes, SimDatagram? cause = null)
    {
        var datagram = new SimDatagram(from, to, bytes.ToArray(), network.Clock.Now, cause);
        var direction = Find(from, to);
        var faults = direction.Faults ?? Faults;
        if (network.IsCut(from, to) || Chance(faults.Loss))
        {
            Vanished++;
            return datagram;
        }

        Carry(datagram, direction, faults);
        if (Chance(faults.Duplication))
        {
            Doubled++;
            Carry(datagram, direction, faults);
        }

        return datagram;
    }

    private void Carry(SimDatagram datagram, Direction direction, DatagramFaults faults)
    {
        var arrival = network.Clock.Now + faults.Delay + new Duration((long)(faults.Jitter.Nanoseconds * _random.NextDouble()));
        if (Chance(faults.Reordering))
        {
            arrival += faults.HoldBack;
        }
        else
        {
            arrival = arrival < direction.LastArrival ? direction.LastArrival : arrival;
            direction.LastArrival = arrival;
        }

        network.Clock.At(arrival, () => Deliver(datagram));
    }

    private void Deliver(SimDatagram datagram)
    {
        if (_bound.TryGetValue(datagram.To, out var host))
        {
            host.Arrived(datagram);
            return;
        }

        Unclaimed++;
        network.Clock.After(
            (Find(datagram.To, datagram.From).Faults ?? Faults).Delay,
            () => _bound.GetValueOrDefault(datagram.From)?.Unreachable(datagram.From, datagram.To));
    }

    private bool Chance(double probability) => probability > 0 && _random.NextDouble() < probability;

    private Direction Find(NodeEndpoint from, NodeEndpoint to)
    {
        var key = (from.WithPort(0), to.WithPort(0));
        if (!_directions.TryGetValue(key, out var direction))
        {
            _directions.Add(key, direction = new Direction());
        }

        return direction;
    }

    private sealed class Direction
    {
        public DatagramFaults? Faults { get; set; }

        public MonoTime LastArrival { get; set; }
    }
}
