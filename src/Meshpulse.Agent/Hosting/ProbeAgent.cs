using System.Net;
using System.Security.Cryptography;
using Meshpulse.Agent.Discovery;
using Meshpulse.Agent.Export;
using Meshpulse.Core.Membership;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>One agent: the probing thread, the collector, the metrics server and what belongs to the checks, started and stopped together.</summary>
public sealed class ProbeAgent : IAsyncDisposable
{
    private readonly ProbeEngine _engine;
    private readonly Collector _collector;
    private readonly CheckService? _checks;
    private readonly MetricsServer? _metrics;
    private readonly StampReport _stamps;
    private int _stopped;

    private ProbeAgent(ProbeEngine engine, Collector collector, CheckService? checks, MetricsServer? metrics, StampReport stamps) =>
        (_engine, _collector, _checks, _metrics, _stamps) = (engine, collector, checks, metrics, stamps);

    /// <summary>Where the metrics are served; null where they are not.</summary>
    public IPEndPoint? MetricsEndPoint => _metrics?.LocalEndPoint;

    /// <summary>Where the reflector listens; null without checks.</summary>
    public NodeEndpoint? ReflectorEndpoint => _engine.Checks?.Reflector.Local;

    /// <summary>What is probed, in a few words for people; empty without checks.</summary>
    public string ProbeSummary => _checks?.Summary ?? "";

    /// <summary>Which stamps can be had here and how good they are, in a line for people.</summary>
    public string StampSummary => _stamps.Summary;

    /// <summary>What the system granted of what makes the probing thread punctual, in a line for people.</summary>
    public string TuningSummary => _engine.Tuning.Summary;

    /// <summary>True where the system refused some of that.</summary>
    public bool HasTuningRefusals => _engine.Tuning.HasRefusals;

    /// <summary>Ends when the probing thread does: at <see cref="DisposeAsync"/>, or with the error of a defect.</summary>
    public Task Ended => _engine.Ended;

    /// <summary>What the mesh's node counted, for tests; everybody else reads the metrics.</summary>
    internal MeshCounters Counters => _engine.Mesh!.Node.Counters;

    /// <summary>The series, for tests.</summary>
    internal Collector Collector => _collector;

    /// <summary>The checks, for tests.</summary>
    internal CheckService? Checks => _checks;

    /// <summary>Starts an agent: takes its ports, then begins to probe.</summary>
    /// <exception cref="SocketSetupException">The mesh's port is in use, or the address is not this host's.</exception>
    /// <exception cref="ReflectorStartException">The reflector's port is in use.</exception>
    /// <exception cref="MetricsStartException">The same of the metrics port.</exception>
    public static async Task<ProbeAgent> StartAsync(AgentOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Before the ports are taken and on another thread than the probing one: nothing waits for it, and it holds nobody up.
        var stamps = new StampReport(await Task.Run(StampSelfTest.Run, CancellationToken.None));
        var outbox = new ProbeOutbox();
        var checks = options.Checks is { } setup ? new CheckService(setup, outbox, options.Version) : null;
        ProbeEngine? engine = null;
        Collector? collector = null;
        try
        {
            var driver = checks is null ? null : await checks.PrepareAsync();
            engine = new ProbeEngine(EngineOptions(options, driver, (server, host) => _ = ResolveAsync(engine!, server, host, options.Mesh!.Self.IsV6)), outbox);
            var peers = engine.Mesh is { } mesh
                ? new PeerBook(outbox, options, options.Mesh!, options.MeshListener ?? throw new ArgumentException("A mesh needs a listener.", nameof(options)), mesh.Node.PingInterval)
                : null;
            collector = new Collector(outbox, peers, checks?.Book);
            var metrics = await ServeAsync(options, new AgentFamilies(options, engine, collector, outbox, checks, stamps), checks, cancellationToken);
            engine.Start();
            await Task.WhenAny(engine.Tuned, engine.Ended);
            collector.Start();
            checks?.Begin(engine, collector);
            return new ProbeAgent(engine, collector, checks, metrics, stamps);
        }
        catch
        {
            collector?.Dispose();
            engine?.Dispose();
            if (checks is not null)
            {
                await checks.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Reads the configuration of the checks again; nothing without checks.</summary>
    /// <param name="cause">What the operator is told.</param>
    public Task ReloadAsync(string cause) => _checks?.ReloadAsync(cause) ?? Task.CompletedTask;

    /// <summary>Closes the connections, has the last report made, and ends; takes at most about a second, or two where an analysis has to be ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        // The report first: it tells of the peers that are still connected.
        _collector.Dispose();
        _engine.Dispose();
        var checks = _checks?.DisposeAsync() ?? ValueTask.CompletedTask;
        if (_metrics is not null)
        {
            await _metrics.DisposeAsync();
        }

        await checks;
    }

    private static ProbeEngineOptions EngineOptions(AgentOptions options, CheckDriverOptions? checks, Action<int, string> resolve) => new()
    {
        Mesh = options.Mesh,
        Servers = options.Servers,
        Resolve = resolve,
        Checks = checks,
        Realtime = options.Realtime,
        Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
    };

    private static async Task<MetricsServer?> ServeAsync(AgentOptions options, AgentFamilies families, CheckService? checks, CancellationToken cancellationToken) =>
        options.Metrics is not { } listen
            ? null
            : await MetricsServer.StartAsync(
                new MetricsServerOptions { Listen = listen, WriteFamilies = families.Write, Routes = checks is null ? [] : [new ReloadRoute(checks).Route] },
                cancellationToken);

    private static async Task ResolveAsync(ProbeEngine engine, int server, string host, bool v6) =>
        engine.OnResolved(server, await NameResolver.ResolveAsync(host, v6));
}
