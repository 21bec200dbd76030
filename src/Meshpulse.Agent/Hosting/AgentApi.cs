using Meshpulse.Agent.Analysis;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Hosting;

/// <summary>What this agent answers under <c>/api/v1/</c>, and what that stands on: the live view of the mesh, and who asks the peers for it.</summary>
internal sealed class AgentApi : IAsyncDisposable
{
    private static readonly Duration s_recent = Duration.FromSeconds(30);

    private readonly LiveMesh _live;
    private readonly DiagnosisService _service;
    private readonly RecentPast _recent;
    private readonly FleetApi _fleet;
    private readonly MeshApi _mesh;
    private readonly Func<IReadOnlyCollection<FleetPeer>> _peers;
    private Func<string, AskOutcome?> _asked = static _ => null;
    private StoredPast? _stored;
    private PeerClient? _client;
    private RowGatherer? _gatherer;

    /// <summary>Prepares; peers are asked from <see cref="Start"/> on.</summary>
    /// <param name="options">Of an agent that has a mesh.</param>
    /// <param name="checks">Names the servers; null without checks.</param>
    /// <param name="service">Judges, and has our slices.</param>
    /// <param name="keys">Of slices; null where there are none.</param>
    /// <param name="peers">Who can be asked.</param>
    public AgentApi(AgentOptions options, CheckService? checks, DiagnosisService service, ShareKeys? keys, Func<IReadOnlyCollection<FleetPeer>> peers)
    {
        var mesh = options.Mesh!;
        _peers = peers;
        Gate = new ApiGate(options.ApiToken);
        _live = new LiveMesh(new LiveOptions
        {
            Self = NodeNames.Of(mesh.Self),
            Program = options.Version,
            PingInterval = mesh.PingInterval,
            Verdicts = () => service.Verdicts,
            Facts = node => checks?.FactsOf(node),
            Asked = node => _asked(node),
            HasHistory = () => _stored is not null,
            Clock = SystemClocks.Pair,
        });
        _service = service;
        _recent = new RecentPast(NodeNames.Of(mesh.Self), service.Board);
        _fleet = new FleetApi(service.Board, VerdictsAsync, keys, Gate);
        _mesh = new MeshApi(new MeshApiOptions
        {
            Gate = Gate,
            Live = _live,
            Verdicts = () => service.Document,
            Client = () => _client,
            Peers = peers,
            Settings = () => RunningSettings.Of(options, checks),
            Program = options.Version,
            Past = PastOf,
            Traces = node => (checks?.FinishedAnalysesOf(node) ?? []).Select(TraceOf),
            Clock = SystemClocks.Pair,
        });
    }

    /// <summary>Where this node's history is kept, from now on; nobody asks for it before the port is open.</summary>
    public void KeepsHistory(string file) => _stored = new StoredPast(_live.Self, file);

    /// <summary>Stands before all of it, and counts.</summary>
    public ApiGate Gate { get; }

    /// <summary>Streams that are open.</summary>
    public int Streams => _mesh.Streams;

    /// <summary>For the HTTP server.</summary>
    public IReadOnlyList<HttpRoute> Routes => [.. _fleet.Routes, .. _mesh.Routes];

    /// <summary>Takes a slice, our own or a peer's.</summary>
    public void Take(NodeSlice slice, MonoTime at) => _live.Take(slice, at);

    /// <summary>A peer was asked for its slices in vain.</summary>
    public void NoteUnreachable(string node, MonoTime at) => _live.NoteUnreachable(node, at);

    /// <summary>From now on peers can be asked.</summary>
    /// <param name="asking">How.</param>
    /// <param name="asked">What became of asking one for its slices.</param>
    public void Start(FleetReaderOptions asking, Func<string, AskOutcome?> asked)
    {
        _asked = asked;
        _client = new PeerClient(asking);
        _gatherer = new RowGatherer(_live, _client, _peers, SystemClocks.Mono);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await (_gatherer?.DisposeAsync() ?? ValueTask.CompletedTask);
        _client?.Dispose();
        _mesh.Dispose();
        _stored?.Dispose();
    }

    /// <summary>The store, where there is one; quarter seconds of the last half minute are in memory alone.</summary>
    private IPastView PastOf(ApiSpan? span) =>
        _stored is { } stored && !(span is { StepMs: < 1_000 } fine && fine.Start > SystemClocks.Wall() - s_recent) ? stored : _recent;

    private TraceEntry TraceOf(FinishedAnalysis run) =>
        new(run.Began, run.Ended, _live.Self, run.Name, run.Cause, run.Text) { ExitCode = run.ExitCode };

    private async Task<VerdictDocument> VerdictsAsync(ApiQuery query, CancellationToken stop)
    {
        var document = _service.Document;
        if (query is { Start: null, End: null })
        {
            return document;
        }

        var span = ApiSpan.Of(query, document.Now);
        return document with { Verdicts = VerdictSpan.Of(span, await PastOf(null).VerdictsAsync(span, stop), document.Verdicts) };
    }
}
