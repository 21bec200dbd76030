using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Hosts;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Tests.Membership;

/// <summary>A mesh under virtual time, for one test.</summary>
internal sealed class SimMesh(int seed)
{
    public VirtualClock Clock { get; } = new();

    public SimNetwork Network => field ??= new SimNetwork(Clock, (ulong)seed);

    public SplitMix64 Random { get; } = new((ulong)seed);

    public List<SimMeshHost> Ours { get; } = [];

    public List<OriginalHost> Originals { get; } = [];

    public Duration Ping { get; init; } = Duration.FromMilliseconds(20);

    public Duration Report { get; init; } = Duration.FromSeconds(2);

    public static NodeEndpoint Node(int number) =>
        NodeEndpoint.FromBytes([10, 0, (byte)(number / 250), (byte)(1 + (number % 250))], 12222);

    public SimMeshHost Start(int number, params NodeEndpoint[] servers) => Start(Options(number), servers);

    public SimMeshHost Start(MeshOptions options, params NodeEndpoint[] servers)
    {
        var host = new SimMeshHost(Network, options, Random.Next(), servers);
        Ours.Add(host);
        return host;
    }

    public OriginalHost StartOriginal(int number, bool closesDuplicates, params NodeEndpoint[] servers)
    {
        var host = new OriginalHost(Network, Node(number), Ping, Report, Random.Next(), servers) { ClosesDuplicates = closesDuplicates };
        Originals.Add(host);
        return host;
    }

    public MeshOptions Options(int number) => new() { Self = Node(number), PingInterval = Ping, ReportInterval = Report, GapThreshold = Ping * 5 / 2 };

    /// <summary>Every node of ours is connected to all others, over one connection each.</summary>
    public bool IsWhole() => Ours.All(h => h.Node.PeerCount == Ours.Count + Originals.Count - 1 && h.Node.ConnectionCount == h.Node.PeerCount)
        && Originals.All(o => o.Peers.Count >= Ours.Count);

    public string Describe() => string.Join("; ", Ours.Select(h =>
        $"{h.Self}: {h.Node.PeerCount} peers, {h.Node.ConnectionCount} connections, {h.Node.Counters.Dials} dials"))
        + " | " + string.Join("; ", Originals.Select(o => $"{o.Self}: {o.Peers.Count} peers, {o.OpenConnections} connections, {o.Calls} calls"));
}
