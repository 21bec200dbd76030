using System.Net;
using System.Security.Cryptography;
using Meshpulse.Agent.Discovery;
using Meshpulse.Agent.Export;
using Meshpulse.Core.Membership;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Agent.Hosting;

/// <summary>One agent: the probing thread, the collector, and the metrics server, started and stopped together.</summary>
public sealed class MeshAgent : IAsyncDisposable
{
    private readonly MeshEngine _engine;
    private readonly Collector _collector;
    private readonly MetricsServer? _metrics;
    private int _stopped;

    private MeshAgent(MeshEngine engine, Collector collector, MetricsServer? metrics) =>
        (_engine, _collector, _metrics) = (engine, collector, metrics);

    /// <summary>Where the metrics are served; null where they are not.</summary>
    public IPEndPoint? MetricsEndPoint => _metrics?.LocalEndPoint;

    /// <summary>What the node counted, for tests; everybody else reads the metrics.</summary>
    internal MeshCounters Counters => _engine.Counters;

    /// <summary>The series, for tests.</summary>
    internal Collector Collector => _collector;

    /// <summary>Ends when the probing thread does: at <see cref="DisposeAsync"/>, or with the error of a defect.</summary>
    public Task Ended => _engine.Ended;

    /// <summary>Starts an agent: takes both ports, then begins to probe.</summary>
    /// <exception cref="SocketSetupException">The mesh port is in use, or the address is not this host's.</exception>
    /// <exception cref="MetricsStartException">The same of the metrics port.</exception>
    public static async Task<MeshAgent> StartAsync(AgentOptions options, IAgentListener listener, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var outbox = new ProbeOutbox();
        MeshEngine? engine = null;
        var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        var engineOptions = new MeshEngineOptions(options.Mesh, options.Servers, options.Realtime, seed);
        engine = new MeshEngine(engineOptions, outbox, (server, host) => _ = ResolveAsync(engine!, server, host, options.Mesh.Self.IsV6));
        var collector = new Collector(outbox, options, listener, engine.PingInterval);
        try
        {
            var families = new MeshFamilies(options, engine, collector, outbox);
            var metrics = options.Metrics is { } listen
                ? await MetricsServer.StartAsync(new MetricsServerOptions { Listen = listen, WriteFamilies = families.Write }, cancellationToken)
                : null;
            collector.Start();
            engine.Start();
            return new MeshAgent(engine, collector, metrics);
        }
        catch
        {
            collector.Dispose();
            engine.Dispose();
            throw;
        }
    }

    /// <summary>Closes the connections, has the last report made, and ends; takes at most about a second.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        // The report first: it tells of the peers that are still connected.
        _collector.Dispose();
        _engine.Dispose();
        if (_metrics is not null)
        {
            await _metrics.DisposeAsync();
        }
    }

    private static async Task ResolveAsync(MeshEngine engine, int server, string host, bool v6) =>
        engine.OnResolved(server, await NameResolver.ResolveAsync(host, v6));
}
