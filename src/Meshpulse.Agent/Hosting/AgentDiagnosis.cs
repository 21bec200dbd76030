using System.Security.Cryptography;
using Meshpulse.Agent.Analysis;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Maintenance;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Agent.Vitals;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>The diagnosis of a node of the mesh: what it stands on in this agent, and where its verdicts go.</summary>
internal sealed class AgentDiagnosis : IAsyncDisposable
{
    private static readonly Duration s_sessionsInUse = Duration.FromSeconds(3);
    private static readonly Duration s_departed = Duration.FromSeconds(30);

    private readonly AgentOptions _options;
    private readonly MeshOptions _mesh;
    private readonly IAgentListener _listener;
    private readonly CheckService? _checks;
    private readonly MaintenanceWatch? _maintenance;
    private readonly SliceRecorder _recorder;
    private readonly DiagnosisService _service;
    private Collector? _collector;
    private PeerBook? _peers;
    private StampReflectors? _stamp;
    private readonly HostWindowQueue _hosts = new();
    private readonly List<(NodeEndpoint Source, uint Received)> _requests = [];
    private IReadOnlyCollection<FleetPeer> _askable = [];

    /// <summary>Prepares; nothing is judged before <see cref="Start"/>.</summary>
    /// <param name="options">Of an agent that has a mesh.</param>
    /// <param name="checks">Say whether this is maintenance, and start analyses; null without checks.</param>
    public AgentDiagnosis(AgentOptions options, CheckService? checks)
    {
        (_options, _checks) = (options, checks);
        _mesh = options.Mesh ?? throw new ArgumentException("Slices are made of the mesh.", nameof(options));
        _listener = options.MeshListener ?? throw new ArgumentException("A mesh needs a listener.", nameof(options));
        var self = NodeNames.Of(_mesh.Self);
        var run = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        _recorder = new SliceRecorder(self, run, NodeNames.Of, SystemClocks.Pair()) { Datacenter = checks?.Datacenter, NoticeOf = node => _service?.NoticeOf(node) };
        Feed = new SliceFeed(_recorder);
        _maintenance = checks is null ? new MaintenanceWatch(new MaintenanceFile(MaintenanceFile.DefaultPath), _ => { }) : null;
        _service = new DiagnosisService(new DiagnosisServiceOptions
        {
            Self = self,
            Run = run,
            Cut = Cut,
            Peers = () => _askable,
            OnChange = OnChange,
            OnNote = text => _listener.OnNote(SystemClocks.Wall(), LineCutter.OneLine(text)),
            OnSlice = (slice, at) => Api?.Take(slice, at),
            OnUnreachable = (node, at) => Api?.NoteUnreachable(node, at),
            Log = options.Log,
        });
        Api = options is { Share: true, Metrics: not null } ? new AgentApi(options, checks, _service, KeysOf(options), () => _askable) : null;
    }

    /// <summary>Keeps the verdicts; null for nobody.</summary>
    public HistoryRecorder? History { get; init; }

    /// <summary>Takes what the probing thread tells.</summary>
    public SliceFeed Feed { get; }

    /// <summary>What others may ask; null where nothing is shared.</summary>
    public AgentApi? Api { get; }

    /// <summary>What is and what was wrong.</summary>
    public IReadOnlyList<Verdict> Verdicts => _service.Verdicts;

    /// <summary>A window of the host's vitals has ended; from any thread.</summary>
    public void OnHost(HostWindow window) => _hosts.Add(window);

    /// <summary>Begins to judge.</summary>
    /// <param name="collector">Owns the series and the recorder.</param>
    /// <param name="peers">Who there is.</param>
    /// <param name="port">Where all nodes serve; null where nobody is asked.</param>
    /// <param name="stamp">Knows whose probes reach us; null where nobody answers them.</param>
    public void Start(Collector collector, PeerBook peers, int? port, StampReflectors? stamp)
    {
        (_collector, _peers, _stamp) = (collector, peers, stamp);
        var asking = Api is null || port is not { } asked ? null : new FleetReaderOptions
        {
            Port = asked,
            From = _mesh.Self.ToIPAddress(),
            Keys = KeysOf(_options),
            Token = _options.ApiToken,
            Tls = _options.Tls,
        };
        _service.Start(asking);
        if (asking is not null)
        {
            Api!.Start(asking, node => _service.Reader?.LastOf(node));
        }
    }

    /// <summary>Says to whoever asks that this node leaves, in order.</summary>
    public Task LeaveAsync() => _service.LeaveAsync();

    /// <summary>Writes its metrics.</summary>
    public void Write(ExpositionWriter writer)
    {
        FleetFamilies.Write(writer, _service, Api?.Gate);
        if (Api is { } api)
        {
            writer.Family("meshpulse_api_streams", MetricKind.Gauge, "Live streams of the API that are open.");
            writer.Sample(api.Streams);
        }

        writer.Family("meshpulse_log_lines_lost", MetricKind.Counter, "Lines of the log file that could not be written.");
        writer.Sample(_options.Log?.Lost ?? 0);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await (Api?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _service.DisposeAsync();
        await (_maintenance?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static ShareKeys? KeysOf(AgentOptions options) => options.ShareKeys is { } keys ? new ShareKeys(keys) : null;

    private NodeSlice Cut(ClockPairing now)
    {
        NodeSlice? slice = null;
        _requests.Clear();
        // Before the collector is held up: the reflector's thread may be a moment late.
        var isCounted = _stamp?.TryVisit(now.Mono - s_sessionsInUse, (source, received) => _requests.Add((source, received))) == true;
        _collector!.Hold(at =>
        {
            if (isCounted)
            {
                _recorder.OnRequests(_requests);
            }


            _recorder.IsInMaintenance = _checks?.IsMaintenance ?? _maintenance!.State.IsOn;
            if (_hosts.Next() is { } host)
            {
                _recorder.OnHost(host);
            }

            slice = _recorder.Cut(now);
            // Who left is asked a while longer: whether anything answers there tells a process that is gone from a host that is.
            _askable = [.. _peers!.Peers.Where(p => p.IsConnected || at - p.LeftAt < s_departed).Select(p => new FleetPeer(NodeNames.Of(p.Node), p.Node))];
        });
        return slice!;
    }

    private void OnChange(VerdictChange change)
    {
        var now = SystemClocks.Wall();
        History?.OnVerdict(now, change);
        _listener.OnVerdict(now, change);
        _checks?.OnVerdict(change);
    }
}
