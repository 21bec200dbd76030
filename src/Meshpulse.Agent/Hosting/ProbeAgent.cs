using System.Net;
using System.Security.Cryptography;
using Meshpulse.Agent.Analysis;
using Meshpulse.Agent.Discovery;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Paths;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Agent.Vitals;
using Meshpulse.Core.Membership;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Hosting;

/// <summary>One agent: the probing thread, the collector, the STAMP reflectors, the host's vitals, the metrics server and what belongs to the checks, started and stopped together.</summary>
public sealed class ProbeAgent : IAsyncDisposable
{
    private readonly ProbeEngine _engine;
    private readonly Collector _collector;
    private readonly CheckService? _checks;
    private readonly StampReflectors? _stamp;
    private readonly MetricsServer? _metrics;
    private readonly StampReport _stamps;
    private readonly VitalsService _vitals;
    private readonly AgentDiagnosis? _diagnosis;
    private readonly AgentHistory? _history;
    private int _stopped;

    private ProbeAgent(
        ProbeEngine engine,
        Collector collector,
        CheckService? checks,
        StampReflectors? stamp,
        MetricsServer? metrics,
        StampReport stamps,
        VitalsService vitals,
        AgentDiagnosis? diagnosis,
        AgentHistory? history) =>
        (_engine, _collector, _checks, _stamp, _metrics, _stamps, _vitals, _diagnosis, _history) =
            (engine, collector, checks, stamp, metrics, stamps, vitals, diagnosis, history);

    /// <summary>Where the metrics are served; null where they are not.</summary>
    public IPEndPoint? MetricsEndPoint => _metrics?.LocalEndPoint;

    /// <summary>They are served over TLS.</summary>
    public bool ServesTls => _metrics?.IsTls == true;

    /// <summary>Where the reflector listens; null without checks.</summary>
    public NodeEndpoint? ReflectorEndpoint => _engine.Checks?.Reflector.Local;

    /// <summary>Where STAMP is answered; nowhere where it is off or no port could be had.</summary>
    public IReadOnlyList<NodeEndpoint> StampEndpoints => _stamp?.Endpoints ?? [];

    /// <summary>The file of the history; null where none is kept.</summary>
    public string? HistoryFile => _history?.File;

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

    /// <summary>What is judged of the mesh, for tests; null without one.</summary>
    internal AgentDiagnosis? Diagnosis => _diagnosis;

    /// <summary>The host's vitals.</summary>
    internal VitalsService Vitals => _vitals;

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
        var hasPaths = options.Stamp || options.Checks is not null;
        if (hasPaths)
        {
            using var sockets = PathSocketsOf(options);
            PathWarmUp.Run(sockets);
        }

        var outbox = new ProbeOutbox(hasPaths);
        var checks = options.Checks is { } setup ? new CheckService(setup, outbox, options.Version) : null;
        var stamp = options.Stamp ? StampOf(options, checks) : null;
        ProbeEngine? engine = null;
        Collector? collector = null;
        VitalsService? vitals = null;
        MetricsServer? metrics = null;
        AgentDiagnosis? diagnosis = null;
        AgentHistory? history = null;
        try
        {
            history = HistoryOf(options, checks);
            diagnosis = options.Mesh is null ? null : new AgentDiagnosis(options, checks) { History = history?.Recorder };
            var driver = checks is null ? null : await checks.PrepareAsync();
            engine = new ProbeEngine(EngineOptions(options, driver, (server, host) => _ = ResolveAsync(engine!, server, host, options.Mesh!.Self.IsV6)), outbox);
            var place = stamp is null ? null : checks?.StampPlace;
            var paths = BookOf(options, outbox, checks, diagnosis?.Feed, history?.Recorder);
            var peers = PeersOf(options, outbox, engine, paths, place?.Keys, diagnosis?.Feed, history?.Recorder);
            collector = new Collector(outbox, peers, checks?.Book, paths: paths, slices: diagnosis?.Feed, history: history?.Recorder);
            vitals = new VitalsService(options.Host, engine.Watch, () => DropsOf(engine, stamp));
            var families = new AgentFamilies(options, engine, collector, outbox, checks, stamp, paths, stamps, vitals, diagnosis, history);
            metrics = await ServeAsync(options, families, checks, diagnosis?.Api, cancellationToken);
            // After everything that needs its port: it is an addition, and gives way.
            await (stamp?.StartAsync(place) ?? Task.CompletedTask);
            engine.Start();
            await Task.WhenAny(engine.Tuned, engine.Ended);
            if (history is not null)
            {
                diagnosis?.Api?.KeepsHistory(history.File);
            }

            history?.Start(vitals, checks?.Book, options.Version);
            collector.Start();
            if (diagnosis is not null)
            {
                vitals.Closed += diagnosis.OnHost;
            }

            vitals.Start();
            checks?.Begin(engine, collector, paths!, stamp);
            diagnosis?.Start(collector, peers!, metrics?.LocalEndPoint.Port, stamp);
            return new ProbeAgent(engine, collector, checks, stamp, metrics, stamps, vitals, diagnosis, history);
        }
        catch
        {
            await (diagnosis?.DisposeAsync() ?? ValueTask.CompletedTask);
            vitals?.Dispose();
            collector?.Dispose();
            history?.Dispose();
            engine?.Dispose();
            await (stamp?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (checks?.DisposeAsync() ?? ValueTask.CompletedTask);
            await (metrics?.DisposeAsync() ?? ValueTask.CompletedTask);

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

        // Before the connections end: the peers should know that it is on purpose.
        await (_diagnosis?.LeaveAsync() ?? Task.CompletedTask);
        // The report first: it tells of the peers that are still connected.
        _history?.Leave();
        _collector.Dispose();
        _history?.Dispose();
        _vitals.Dispose();
        _engine.Dispose();
        var checks = _checks?.DisposeAsync() ?? ValueTask.CompletedTask;
        await (_stamp?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (_metrics is not null)
        {
            await _metrics.DisposeAsync();
        }

        await checks;
        await (_diagnosis?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>What the queues of all our sockets had no room for.</summary>
    private static long DropsOf(ProbeEngine engine, StampReflectors? stamp) =>
        (engine.Checks is { } checks ? checks.Drops.Probes + checks.Drops.Reflector : 0) + (engine.Paths?.Traffic.Drops ?? 0) + (stamp?.Counts.Drops ?? 0);

    private static IPathSockets PathSocketsOf(AgentOptions options) => options.PortablePaths ? new PortablePathSockets() : new PathSockets();

    private static PathBook? BookOf(AgentOptions options, ProbeOutbox outbox, CheckService? checks, SliceFeed? slices, HistoryRecorder? history)
    {
        if (outbox.Paths is null)
        {
            return null;
        }

        var book = new PathBook(outbox.Paths) { Slices = slices, History = history };
        book.Noted += note =>
        {
            if (note.Path < PathOutbox.FirstMeshPath)
            {
                checks?.Tell(new CheckNote(note.At, LineCutter.OneLine($"stamp {note.Labels}: {note.Text}")));
            }
            else
            {
                options.MeshListener?.OnNote(note.At, LineCutter.OneLine($"{note.Labels}: {note.Text}"));
            }
        };
        return book;
    }

    private static PeerBook? PeersOf(
        AgentOptions options, ProbeOutbox outbox, ProbeEngine engine, PathBook? paths, StampKeyRing? keys, SliceFeed? slices, HistoryRecorder? history)
    {
        if (engine.Mesh is not { } driver || options.Mesh is not { } mesh)
        {
            return null;
        }

        var listener = options.MeshListener ?? throw new ArgumentException("A mesh needs a listener.", nameof(options));
        return new PeerBook(outbox, options, mesh, listener, driver.Node.PingInterval)
        {
            Slices = slices,
            History = history,
            Paths = options.Stamp && paths is not null && engine.Paths is { } probing ? new MeshPaths(mesh, probing, paths, keys) : null,
        };
    }

    private static AgentHistory? HistoryOf(AgentOptions options, CheckService? checks) => options.History is not { } kept
        ? null
        : new AgentHistory(kept, options.Mesh is { } mesh ? NodeNames.Of(mesh.Self) : options.Checks?.Source.ServerName ?? "", line =>
        {
            if (options.MeshListener is { } listener)
            {
                listener.OnNote(SystemClocks.Wall(), LineCutter.OneLine(line));
            }
            else
            {
                checks?.Tell(line);
            }
        });

    private static StampReflectors StampOf(AgentOptions options, CheckService? checks) => new(
        options.Mesh is { } mesh ? new StampPlace { At = mesh.Self, Allow = mesh.Allow } : null,
        line => options.MeshListener?.OnNote(SystemClocks.Wall(), LineCutter.OneLine(line)),
        line => checks?.Tell(line));

    private static ProbeEngineOptions EngineOptions(AgentOptions options, CheckDriverOptions? checks, Action<int, string> resolve) => new()
    {
        Mesh = options.Mesh,
        Servers = options.Servers,
        Resolve = resolve,
        Checks = checks,
        Realtime = options.Realtime,
        Proc = options.Host.Proc,
        PathSockets = () => PathSocketsOf(options),
        Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
    };

    private static async Task<MetricsServer?> ServeAsync(AgentOptions options, AgentFamilies families, CheckService? checks, AgentApi? api, CancellationToken cancellationToken) =>
        options.Metrics is not { } listen
            ? null
            : await MetricsServer.StartAsync(
                new MetricsServerOptions
                {
                    Listen = listen,
                    WriteFamilies = families.Write,
                    Tls = options.Tls?.Context,
                    // Peers stay connected, all of them where this node is suspected of something.
                    MaxConnections = api is null ? 128 : 512,
                    Routes = [.. api?.Routes ?? [], .. api is null ? [] : options.Pages, .. checks is null ? [] : new[] { new ReloadRoute(checks).Route }],
                },
                cancellationToken);

    private static async Task ResolveAsync(ProbeEngine engine, int server, string host, bool v6) =>
        engine.OnResolved(server, await NameResolver.ResolveAsync(host, v6));
}
