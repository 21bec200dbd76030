using Meshpulse.Agent.Export;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>A real agent on a real address.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private readonly ProbeAgent _agent;

    private TestAgent(ProbeAgent agent, MeshOptions options, RecordingListener seen) => (_agent, Options, Seen) = (agent, options, seen);

    public MeshOptions Options { get; }

    public NodeEndpoint Self => Options.Self;

    public RecordingListener Seen { get; }

    public MeshCounters Counters => _agent.Counters;

    public Task Ended => _agent.Ended;

    public int MetricsPort => _agent.MetricsEndPoint!.Port;

    public static MeshOptions Defaults(NodeEndpoint self) => new()
    {
        Self = self,
        PingInterval = Duration.FromMilliseconds(10),
        ReportInterval = Duration.FromSeconds(2),
    };

    public IReadOnlyList<NodeEndpoint> StampEndpoints => _agent.StampEndpoints;

    public static Task<TestAgent> StartAsync(MeshOptions options, params NodeEndpoint[] servers) => StartAsync(options, stamp: true, servers);

    public static async Task<TestAgent> StartAsync(MeshOptions options, bool stamp, params NodeEndpoint[] servers)
    {
        var seen = new RecordingListener();
        var agent = await ProbeAgent.StartAsync(
            new AgentOptions
            {
                Mesh = options,
                MeshListener = seen,
                Servers = [.. servers.Select(s => ((string?)null, s))],
                Stamp = stamp,
                FullMetrics = true,
                Metrics = new MetricsListenSpec(System.Net.IPAddress.Loopback, 0),
                Version = "0.0.0-test",
            },
            CancellationToken.None);
        return new TestAgent(agent, options, seen);
    }

    public long Refused(RefusalReason reason) => Counters.Refused[(int)reason];

    /// <summary>A figure of one peer's series; null where there is none.</summary>
    public T? Of<T>(NodeEndpoint peer, Func<PeerSeries, T> pick)
        where T : struct
    {
        T? value = null;
        _agent.Collector.Read((all, _) => value = all.FirstOrDefault(s => s.Node == peer) is { } series ? pick(series) : null);
        return value;
    }

    public int SeriesCount
    {
        get
        {
            var count = 0;
            _agent.Collector.Read((all, _) => count = all.Count);
            return count;
        }
    }

    public long ReceivedFrom(NodeEndpoint peer) => Of(peer, s => s.Received) ?? 0;

    public bool IsConnectedTo(NodeEndpoint peer) => Of(peer, s => s.IsConnected) ?? false;

    public override string ToString() =>
        $"{Self}: {Counters.Connects - Counters.Disconnects} peers, {Counters.Connections} connections, {Counters.Accepted} accepted, {Counters.Dials} dials, refused [{string.Join(' ', Counters.Refused)}], ended {Ended.Status} {Ended.Exception}";

    public ValueTask DisposeAsync() => _agent.DisposeAsync();
}
