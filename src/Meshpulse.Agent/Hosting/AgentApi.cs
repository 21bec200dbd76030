using Meshpulse.Agent.Api;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Hosting;

/// <summary>What this agent answers under <c>/api/v1/</c>, and what that stands on: the live view of the mesh, and who asks the peers for it.</summary>
internal sealed class AgentApi : IAsyncDisposable
{
    private readonly LiveMesh _live;
    private readonly FleetApi _fleet;
    private readonly MeshApi _mesh;
    private readonly Func<IReadOnlyCollection<FleetPeer>> _peers;
    private Func<string, AskOutcome?> _asked = static _ => null;
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
            Clock = SystemClocks.Pair,
        });
        _fleet = new FleetApi(service.Board, () => service.Document, keys, Gate);
        _mesh = new MeshApi(new MeshApiOptions
        {
            Gate = Gate,
            Live = _live,
            Verdicts = () => service.Document,
            Client = () => _client,
            Peers = peers,
            Settings = () => RunningSettings.Of(options, checks),
            Program = options.Version,
            Clock = SystemClocks.Pair,
        });
    }

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
    }
}
