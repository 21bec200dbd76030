using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Analysis;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Configuration;
using Meshpulse.Agent.Discovery;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fetching;
using Meshpulse.Agent.Maintenance;
using Meshpulse.Agent.Paths;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// The checks of one server beside the probing thread: takes each reading of the file into force, hands the reports on to the console, the
/// metrics agent and the analyses, and follows maintenance, host names and the file itself.
/// </summary>
internal sealed class CheckService : IAsyncDisposable
{
    private static readonly TimeSpan s_firstNames = TimeSpan.FromSeconds(5);

    private readonly CheckSetup _setup;
    private readonly ProbeRoster _roster = new();
    private readonly FetchPool _fetches;
    private readonly NamedTargets _names;
    private readonly AnalysisRunner _analyses;
    private readonly FinishedAnalyses _finished = new();
    private readonly MaintenanceWatch _maintenance;
    private readonly ServerFactsIndex _facts = new();
    private readonly Lock _telling = new();
    private readonly Lock _applying = new();
    private ProbeEngine? _engine;
    private Collector? _collector;
    private StampReflectors? _stamp;
    private CheckPaths? _paths;
    private LandscapeWatch? _watch;
    private Landscape _landscape;
    private ServerAddress _listensAt;
    private AgentUdpSender? _sender;
    private ServerAddress? _sendsTo;
    private long _sentBefore;
    private long _errorsBefore;
    private OwnDrops? _drops;

    /// <summary>Prepares; nothing is probed yet.</summary>
    public CheckService(CheckSetup setup, ProbeOutbox outbox, string version)
    {
        _setup = setup;
        _landscape = setup.First.Value ?? throw new ArgumentException("A refused reading can't be in force", nameof(setup));
        _listensAt = _landscape.ReflectorOf(Self);
        Book = new ProbeBook(outbox.Checks, OnReport, Tell);
        _fetches = new FetchPool(new HttpFetcher(version), () => Book.Fetched);
        _names = new NamedTargets(OnAddress);
        _maintenance = new MaintenanceWatch(new MaintenanceFile(_landscape.Settings.MaintenanceFile), OnMaintenance);
        Book.IsMaintenance = _maintenance.State.IsOn;
        _analyses = new AnalysisRunner(AnalysisBook.SettingsOf(_landscape), [], line => Tell(line), SystemClocks.Mono()) { Finished = OnFinished };
    }

    /// <summary>The series.</summary>
    public ProbeBook Book { get; }

    /// <summary>What the file came to; null before <see cref="Begin"/>.</summary>
    public LandscapeWatch? Watch => _watch;

    /// <summary>What is probed, as in <c>12 probes (udp_ping 10, tcp 2)</c>.</summary>
    public string Summary
    {
        get
        {
            var probes = _roster.Probes;
            var kinds = probes.CountBy(p => p.Definition.Kind).OrderBy(k => k.Key).Select(k => $"{CheckKinds.NameOf(k.Key)} {k.Value}");
            return probes.Count == 0 ? "no probes" : $"{probes.Count} {(probes.Count == 1 ? "probe" : "probes")} ({string.Join(", ", kinds)})";
        }
    }

    /// <summary>Whether this is maintenance.</summary>
    public bool IsMaintenance => _maintenance.State.IsOn;

    /// <summary>This server's datacenter; null where there is none.</summary>
    public string? Datacenter => Self.Datacenter;

    /// <summary>How the file is set, for people.</summary>
    public IReadOnlyList<SettingEntry> Settings
    {
        get
        {
            var landscape = _landscape;
            return
            [
                new SettingEntry("file", _setup.Source.Path),
                new SettingEntry("name", Self.Name),
                new SettingEntry("file.servers", landscape.Servers.Length.ToString(CultureInfo.InvariantCulture)),
                new SettingEntry("file.checks", landscape.Checks.Length.ToString(CultureInfo.InvariantCulture)),
                new SettingEntry("file.analyses", landscape.Analyses.Length.ToString(CultureInfo.InvariantCulture)),
                new SettingEntry("file.report_interval", $"{landscape.Settings.ReportInterval}"),
                new SettingEntry("file.window", $"{landscape.Settings.Window}"),
                new SettingEntry("file.stamp_key_file", landscape.Settings.StampKeyFile is null ? "none" : "(set)"),
            ];
        }
    }

    /// <summary>What the file says of a node of the mesh, which is called by its address there; null where no server has that, or several do.</summary>
    public NodeFacts? FactsOf(string node) => _facts.Of(_landscape, node);

    /// <summary>What became of the analyses.</summary>
    public AnalysisCounts Analyses => _analyses.Counts;

    /// <summary>The last analyses of the path to a node, which is called by its address; the one that began last first.</summary>
    public IReadOnlyList<FinishedAnalysis> FinishedAnalysesOf(string node) => _finished.Of(node);

    /// <summary>Datagrams to the metrics agent: those that were sent, and those that could not be.</summary>
    public (long Sent, long Errors) AgentDatagrams
    {
        get
        {
            lock (_telling)
            {
                return (_sentBefore + (_sender?.Sent ?? 0), _errorsBefore + (_sender?.Errors ?? 0));
            }
        }
    }

    private ServerDefinition Self => _landscape.TryGetServer(_setup.Source.ServerName, out var self)
        ? self
        : throw new InvalidOperationException("A reading without this server is refused.");

    /// <summary>Looks up what has a name, and says what the probing thread needs.</summary>
    public async Task<CheckDriverOptions> PrepareAsync()
    {
        _names.Want(AddressesOf(_landscape));
        await _names.StartAsync(s_firstNames);
        return new CheckDriverOptions { Reflector = WhereToListen(_listensAt), Fetch = _fetches.TryBegin };
    }

    /// <summary>Where STAMP is to be answered for the checks, as the file in force says.</summary>
    public StampPlace StampPlace =>
        new() { At = WhereToListen(_landscape.StampReflectorOf(Self)), Keys = _landscape.ReflectorKeys, OrAnywhere = true };

    /// <summary>Begins to probe, and to watch the file.</summary>
    /// <param name="engine">The probing thread.</param>
    /// <param name="collector">Who keeps the series.</param>
    /// <param name="paths">The series of STAMP checks.</param>
    /// <param name="stamp">The reflectors that a change of the file may move; null where there are none.</param>
    public void Begin(ProbeEngine engine, Collector collector, PathBook paths, StampReflectors? stamp)
    {
        (_engine, _collector, _stamp) = (engine, collector, stamp);
        _drops = new OwnDrops(() => (engine.Checks?.Drops.Probes ?? 0) + (engine.Paths?.Traffic.Drops ?? 0));
        _paths = new CheckPaths(engine.Paths!, collector, paths);
        collector.Hold(_ => Book.Paths = paths);
        TellReflector();
        lock (_applying)
        {
            _ = Apply(_landscape);
        }

        _watch = new LandscapeWatch(_setup.Source, _setup.First, OnLoad);
    }

    /// <summary>Tells the operator one line; from any thread.</summary>
    public void Tell(string text) => Tell(new CheckNote(SystemClocks.Wall(), LineCutter.OneLine(text)));

    /// <summary>Reads the file now.</summary>
    /// <param name="cause">What the operator is told, as in <c>SIGHUP</c>.</param>
    public Task<LandscapeLoad> ReloadAsync(string cause) =>
        _watch?.ReloadAsync(cause) ?? throw new InvalidOperationException("Nothing has begun.");

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
        {
            await _watch.DisposeAsync();
        }

        await _names.DisposeAsync();
        await _maintenance.DisposeAsync();
        await _analyses.DisposeAsync();
        _fetches.Dispose();
        _sender?.Dispose();
    }

    private static IEnumerable<ServerAddress> AddressesOf(Landscape landscape) =>
        landscape.Servers.Select(server => server.Address)
            .Append(landscape.Settings.AgentAddress);

    private RosterChange Apply(Landscape next)
    {
        _landscape = next;
        _names.Want(AddressesOf(next));
        var change = _roster.Apply(next, _setup.Source.ServerName);
        _fetches.Apply(_roster.Probes);
        _collector!.Hold(now =>
        {
            Book.Apply(_roster.Probes, next.Settings.Window, next.Settings.ReportInterval, now);
            foreach (var (id, definition) in _roster.Probes)
            {
                Book.SetAddress(id, _names.TextOf(definition.Target));
            }
        });
        HandOver(change);
        UpdateAnalyses();
        Retell(next);
        return change;
    }

    /// <summary>Each probe by a command of its own: the probing thread takes a few of them a turn.</summary>
    private void HandOver(RosterChange change)
    {
        foreach (var id in change.Removed)
        {
            _engine!.Checks!.Post(node => node.Remove(id));
            _paths!.Remove(id);
        }

        foreach (var (id, definition) in change.Changed.Concat(change.Added))
        {
            var target = _names.Find(definition.Target);
            if (definition.Kind == CheckKind.Stamp)
            {
                _paths!.Add(id, definition, target);
                continue;
            }

            var probe = new CheckProbe(id, ProbeSettings.Of(definition));
            _engine!.Checks!.Post(node =>
            {
                node.Remove(id);
                node.Add(probe, target, SystemClocks.Mono());
            });
        }

        foreach (var (id, definition) in _roster.Probes.Where(p => p.Definition.Kind == CheckKind.Stamp))
        {
            _paths!.Rename(id, definition);
        }
    }

    /// <summary>The analyses of the file in force, with the addresses that its names have now.</summary>
    private void UpdateAnalyses() => _analyses.Update(
        AnalysisBook.SettingsOf(_landscape),
        AnalysisBook.DefinitionsOf(_landscape, _setup.Source.ServerName, server => _names.TextOf(server.Address)),
        SystemClocks.Mono());

    /// <summary>Whom the figures go to.</summary>
    private void Retell(Landscape next)
    {
        var wanted = Self.SendsToAgent ? next.Settings.AgentAddress : null;
        var endpoint = wanted is null ? null : _names.Find(wanted);
        if (wanted is not null && endpoint is null)
        {
            Tell($"the metrics agent's name {wanted.Host} has no address; nothing is sent to it until the file is read again");
        }

        if (Equals(wanted, _sendsTo) && _sender is not null)
        {
            return;
        }

        var old = _sender;
        lock (_telling)
        {
            _sentBefore += old?.Sent ?? 0;
            _errorsBefore += old?.Errors ?? 0;
            _sender = endpoint is { } to ? OpenSender(to) : null;
        }

        _sendsTo = wanted;
        old?.Dispose();
    }

    private AgentUdpSender? OpenSender(NodeEndpoint agent)
    {
        try
        {
            return new AgentUdpSender(new IPEndPoint(agent.ToIPAddress(), agent.Port));
        }
        catch (SocketException e)
        {
            Tell($"nothing can be sent to the metrics agent at {agent}: {e.Message}");
            return null;
        }
    }

    private void OnLoad(LandscapeLoad load, string cause)
    {
        foreach (var line in load.Errors.Concat(load.Warnings))
        {
            Tell(line);
        }

        if (load.Value is not { } next)
        {
            Tell($"{_setup.Source.ShownPath} is refused ({cause}); what was in force stays in force");
            return;
        }

        lock (_applying)
        {
            var change = Apply(next);
            _maintenance.ChangeFile(new MaintenanceFile(next.Settings.MaintenanceFile));
            MoveReflector(next.ReflectorOf(Self));
            MoveStamp();
            Tell($"{_setup.Source.ShownPath} is in force ({cause}): {change}");
        }
    }

    private void MoveReflector(ServerAddress to)
    {
        if (to.Equals(_listensAt))
        {
            return;
        }

        _listensAt = to;
        // The answer comes on the probing thread, which must not write to a console.
        _engine!.Checks!.MoveReflector(WhereToListen(to), refused => ThreadPool.UnsafeQueueUserWorkItem(_ => TellMoved(to, refused), null));
    }

    private void MoveStamp()
    {
        if (_stamp is not null)
        {
            _ = _stamp.MoveAsync(StampPlace);
        }
    }

    private void TellMoved(ServerAddress to, SocketSetupException? refused)
    {
        if (refused is null)
        {
            Tell($"the reflector listens at {_engine!.Checks!.Reflector.Local} now");
        }
        else
        {
            Tell($"the reflector can't listen at {to} ({refused.Error.Text()}) and stays at {_engine!.Checks!.Reflector.Local}");
        }

        TellReflector();
    }

    private void TellReflector()
    {
        if (_engine!.Checks!.Reflector is { IsFallback: true } reflector)
        {
            Tell($"{_listensAt.Host} is no address of this host: the reflector listens at {reflector.Local} and answers from the address that was asked");
        }
    }

    /// <summary>A name without an address can't be listened at: all addresses then.</summary>
    private NodeEndpoint WhereToListen(ServerAddress address) =>
        _names.Find(address) ?? NodeEndpoint.AnyAddress(address.Family == IpFamily.V6, address.Port);

    private void OnAddress(ServerAddress name, NodeEndpoint? before, NodeEndpoint? now)
    {
        if (now is { } address)
        {
            Tell($"{name.Host} is {address.AddressText}{(before is { } old ? $" now and was {old.AddressText}" : "")}");
        }
        else if (_landscape.ProbesFrom(_setup.Source.ServerName).Any(p => p.Kind != CheckKind.Http && IsSame(p.Target, name)))
        {
            Tell($"{name.Host} has no address; probes to it count as unsent");
        }

        if (_engine is null)
        {
            return;
        }

        lock (_applying)
        {
            foreach (var (id, definition) in _roster.Probes.Where(p => p.Definition.Kind != CheckKind.Http && IsSame(p.Definition.Target, name)))
            {
                var target = _names.Find(definition.Target);
                _engine.Checks!.Post(node => node.SetTarget(id, target));
                _paths!.SetTarget(id, target);
                _collector!.Hold(_ => Book.SetAddress(id, _names.TextOf(definition.Target)));
            }

            UpdateAnalyses();
        }
    }

    private static bool IsSame(ServerAddress a, ServerAddress b) => (a.Host, a.Family) == (b.Host, b.Family);

    private void OnMaintenance(MaintenanceState state)
    {
        Book.IsMaintenance = state.IsOn;
        var line = state.IsOn ? $"maintenance is on{(state.Reason is { } reason ? $": {reason}" : "")}" : "maintenance is off";
        Book.History?.OnNote(SystemClocks.Wall(), "maintenance", LineCutter.OneLine(line));
        Tell(line);
    }

    private void OnReport(CheckReport report)
    {
        // As it is now: a report may have been made a moment before.
        report = report with { IsMaintenance = _maintenance.State.IsOn };
        lock (_telling)
        {
            _setup.Listener.OnReport(report);
            _sender?.Send(LossesOf(report), report.IsMaintenance);
        }

        var now = SystemClocks.Mono();
        foreach (var pair in report.Pairs)
        {
            var window = new LossWindow(pair.Window.Lost, pair.Window.Decided, report.Window);
            _analyses.Offer(new ServerPair(pair.Probe.From.Name, pair.Probe.To.Name), window, report.IsMaintenance, now);
        }

        TellDrops();
    }

    /// <summary>The agent's metrics are those of the UDP ping, as in the original.</summary>
    private static List<AgentLoss> LossesOf(CheckReport report) =>
        [.. report.Pairs.Where(p => p.Probe.Kind == CheckKind.UdpPing)
            .Select(p => new AgentLoss(p.Probe.From.Name, p.Probe.To.Name, p.Totals.Lost - p.Totals.Late, p.Window.Lost))];

    private void TellDrops()
    {
        if (_drops?.Next() is { } line)
        {
            Tell(line);
        }
    }

    /// <summary>A verdict began, changed, ended or came again: analyses that look into such start.</summary>
    public void OnVerdict(VerdictChange change)
    {
        if (change.Kind is not (VerdictChangeKind.Begun or VerdictChangeKind.Recurred))
        {
            return;
        }

        var (what, where) = (change.Verdict.What, change.Verdict.Where);
        foreach (var pair in _landscape.AnalysesFrom(_setup.Source.ServerName).Where(p => p.Analysis.On.Contains(what)))
        {
            var (from, to) = (EndOf(pair.From), EndOf(pair.To));
            if (VerdictReach.Concerns(where, from, to))
            {
                var cause = new VerdictCause(what, VerdictReach.SourcePortsOf(change.Verdict, from));
                _analyses.Offer(new AnalysisKey(pair.Analysis.Name, new ServerPair(pair.From.Name, pair.To.Name)), cause, IsMaintenance, SystemClocks.Mono());
            }
        }
    }

    private void OnFinished(FinishedAnalysis run)
    {
        _finished.Add(run);
        Book.History?.OnAnalysis(SystemClocks.Wall(), run);
    }

    private ServerFacts EndOf(ServerDefinition server) => new(server.Name, _names.TextOf(server.Address), server.Datacenter);

    /// <summary>Hands a line to the listener.</summary>
    public void Tell(CheckNote note)
    {
        lock (_telling)
        {
            _setup.Listener.OnNote(note);
        }
    }
}
