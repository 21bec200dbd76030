using Meshpulse.Core.Membership;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>
/// A small mesh of real agents, formed. Tests attack one of them, the victim, and ask in the end whether the others noticed
/// anything and whether the victim is as it was.
/// </summary>
internal sealed class TestMesh : IAsyncDisposable
{
    private static readonly TimeSpan s_machineStalls = TimeSpan.FromMilliseconds(150);

    private readonly StallWatch _stalls = new();

    private TestMesh(List<TestAgent> agents) => Agents = agents;

    public List<TestAgent> Agents { get; }

    /// <summary>The first one: the others called it.</summary>
    public TestAgent Victim => Agents[0];

    public static async Task<TestMesh> StartAsync(int count = 3, bool v6 = false, Func<MeshOptions, MeshOptions>? options = null)
    {
        var mesh = new TestMesh([]);
        for (var i = 0; i < count; i++)
        {
            var own = TestAgent.Defaults(v6 ? LoopbackAddresses.NextV6() : LoopbackAddresses.Next());
            mesh.Agents.Add(await TestAgent.StartAsync(options?.Invoke(own) ?? own, [.. mesh.Agents.Take(1).Select(a => a.Self)]));
        }

        await Eventually.TrueAsync(mesh.IsWhole, mesh.ToString);
        return mesh;
    }

    /// <summary>Every agent has each other one as a peer, over one connection, and nothing besides.</summary>
    public bool IsWhole() => Agents.TrueForAll(a =>
        Others(a).All(o => a.IsConnectedTo(o.Self)) && a.Counters.Connections == Agents.Count - 1 && HoldsOnly(a, Agents.Count - 1));

    /// <summary>
    /// The agents are connected as they were, never lost each other, go on hearing each other, and hold no more sockets
    /// than before.
    /// </summary>
    public async Task AssertUnharmedAsync()
    {
        await AssertPeersNoticeNothingAsync();
        await Eventually.TrueAsync(IsWhole, () => $"the sockets are given back: {this}");
    }

    /// <summary>The same while the attacker may still be connected.</summary>
    public async Task AssertPeersNoticeNothingAsync()
    {
        var before = Pairs().ToDictionary(p => p, p => p.Agent.ReceivedFrom(p.Other.Self));
        await Eventually.TrueAsync(
            () => before.All(b => b.Key.Agent.ReceivedFrom(b.Key.Other.Self) > b.Value + 20), () => $"all go on hearing each other: {this}");
        foreach (var (agent, other) in Pairs())
        {
            Assert.Equal(1, agent.Seen.Count(MeshEventKind.PeerJoined, other.Self));
            Assert.Equal(0, agent.Seen.Count(MeshEventKind.PeerLeft, other.Self));
            Assert.True(_stalls.Longest > s_machineStalls || agent.Seen.Count(MeshEventKind.Silent, other.Self) == 0, $"silences: {this}");
            Assert.False(agent.Ended.IsCompleted, $"{agent}");
        }
    }

    /// <summary>A made-up node becomes a peer of the victim, calling from the address that it claims.</summary>
    public async Task<RawPeer> JoinAsync(NodeEndpoint? identity = null, bool isBeating = true)
    {
        var self = identity ?? LoopbackAddresses.Next();
        var peer = await RawPeer.CallAsync(Victim.Self, self.IsV6 == Victim.Self.IsV6 ? self.ToIPAddress() : null);
        peer.Hello(self);
        peer.Ping();
        if (isBeating)
        {
            peer.StartBeating();
        }

        await Eventually.TrueAsync(() => Victim.IsConnectedTo(self), () => $"{self} joins: {this}");
        return peer;
    }

    public override string ToString() => string.Join("; ", Agents) + $"; the machine stalled {_stalls.Longest.TotalMilliseconds} ms";

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in Agents)
        {
            await agent.DisposeAsync();
        }

        _stalls.Dispose();
    }

    private static bool HoldsOnly(TestAgent agent, int connections) => agent.Self.IsV6 || SocketTable.CountAt(agent.Self) == connections + 1;

    private IEnumerable<TestAgent> Others(TestAgent than) => Agents.Where(a => a != than);

    private IEnumerable<(TestAgent Agent, TestAgent Other)> Pairs() => Agents.SelectMany(a => Others(a).Select(o => (a, o)));
}
