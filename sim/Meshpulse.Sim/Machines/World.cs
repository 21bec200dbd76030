using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Fabric;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Machines;

/// <summary>
/// A mesh of agents to try the diagnosis on: the real Core objects on machines and a network that do what they are told, under virtual time and from one
/// seed. The same seed gives the same world to the nanosecond.
/// </summary>
public sealed class World
{
    private const int Port = 12_222;

    private readonly List<Machine> _machines = [];

    /// <summary>A world whose agents start within the first half second.</summary>
    /// <param name="seed">Of all that is chance in it.</param>
    /// <param name="datacenters">The datacenter of each machine; null where it has none.</param>
    public World(ulong seed, IReadOnlyList<string?> datacenters)
    {
        var random = new SplitMix64(seed);
        Fabric = new FabricPlan(datacenters, new SplitMix64(random.Next()));
        for (var i = 0; i < datacenters.Count; i++)
        {
            _machines.Add(new Machine(this, i, datacenters[i], new SplitMix64(random.Next())));
        }

        foreach (var machine in _machines)
        {
            Clock.After(Duration.FromMilliseconds(random.Below(500)), machine.Start);
        }
    }

    /// <summary>Is given what an agent says at each of its turns.</summary>
    public event Action<Machine, IReadOnlyList<VerdictChange>>? Said;

    /// <summary>Virtual time.</summary>
    public VirtualClock Clock { get; } = new();

    /// <summary>The network.</summary>
    public FabricPlan Fabric { get; }

    /// <summary>The machines.</summary>
    public IReadOnlyList<Machine> Machines => _machines;

    /// <summary>Every agent is connected to all others and knows the paths to them.</summary>
    public bool IsWhole => _machines.All(m => m.Agent is { } agent && agent.Node.PeerCount == _machines.Count - 1);

    /// <summary>The name of a machine.</summary>
    public static string NameOf(int index) => $"n{index + 1}";

    /// <summary>The name of the machine at an address.</summary>
    public static string NameOf(NodeEndpoint endpoint) => NameOf(IndexOf(endpoint));

    /// <summary>Where a machine's agent listens.</summary>
    public static NodeEndpoint EndpointOf(int index) => NodeEndpoint.FromBytes([10, 0, (byte)(index / 250), (byte)(1 + (index % 250))], Port);

    /// <summary>How the agents' meshes are set: as they are by default.</summary>
    public static MeshOptions OptionsOf(Machine machine) => new() { Self = machine.Self };

    /// <summary>How the agents probe their peers' paths: as they do by default.</summary>
    public static PathSettings PathsOf(Machine machine) => new()
    {
        Interval = Duration.FromMilliseconds(25),
        Window = PathSettings.WindowStep,
        TrialInterval = Duration.FromSeconds(60),
        Timeout = Duration.FromMilliseconds(500),
        LargePayload = 1_472,
        Local = machine.Self.WithPort(0),
    };

    /// <summary>The way from one machine to another.</summary>
    public Route RouteOf(Machine from, Machine to) => Fabric.RouteOf(from.Index, to.Index);

    /// <summary>Lets time pass.</summary>
    public void Run(Duration span) => Clock.Run(span);

    internal Machine? Find(NodeEndpoint endpoint) => IndexOf(endpoint) is var index && index >= 0 && index < _machines.Count ? _machines[index] : null;

    internal void Judged(Machine machine, IReadOnlyList<VerdictChange> changes)
    {
        if (changes.Count > 0)
        {
            Said?.Invoke(machine, changes);
        }
    }

    private static int IndexOf(NodeEndpoint endpoint)
    {
        Span<byte> address = stackalloc byte[16];
        _ = endpoint.WriteAddress(address);
        return (address[2] * 250) + address[3] - 1;
    }
}
