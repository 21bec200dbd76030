using System.Net;
using Meshpulse.Lab.Checks;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Metrics;
using Meshpulse.Lab.Networks;
using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Paths;

/// <summary>
/// Two hosts on a switch, <c>a</c> and <c>b</c> of one configuration, of which a checks b by STAMP: the whole program at both ends, and between
/// them whatever the test wants.
/// </summary>
internal sealed class PathPair : IAsyncDisposable
{
    /// <summary>Where agents answer STAMP.</summary>
    public const int Port = 12222;

    private readonly SwitchLab _lab;
    private readonly bool _v6;
    private readonly List<IAsyncDisposable> _running = [];
    private readonly List<LandscapeFile> _files = [];
    private Checker? _asking;
    private Checker? _answering;

    private PathPair(SwitchLab lab, bool v6) => (_lab, _v6) = (lab, v6);

    /// <summary>The configuration of both, unless a test gives them others.</summary>
    public LandscapeFile File { get; } = new("");

    /// <summary>The host of a.</summary>
    public LabHost Source => _lab.Hosts[0];

    /// <summary>The host of b.</summary>
    public LabHost Target => _lab.Hosts[1];

    /// <summary>From a to b.</summary>
    public SwitchWire There => _lab.Wire(Source, Target);

    /// <summary>From b to a.</summary>
    public SwitchWire Back => _lab.Wire(Target, Source);

    /// <summary>The agent that asks.</summary>
    public Checker Asking => _asking ?? throw new InvalidOperationException("not started");

    /// <summary>The agent that answers.</summary>
    public Checker Answering => _answering ?? throw new InvalidOperationException("not started");

    /// <summary>All lines of <c>--json</c> so far.</summary>
    public IReadOnlyList<PathReading> Readings => [.. PathReading.Read(Asking.Process.Output.Lines, "b")];

    /// <summary>Two hosts and a file, and nothing that runs.</summary>
    /// <param name="settings">Further keys of the check from a to b.</param>
    /// <param name="v6">The servers have addresses of IPv6.</param>
    public static async Task<PathPair> CreateAsync(string settings = "", bool v6 = false)
    {
        var pair = new PathPair(await SwitchLab.CreateAsync(2), v6);
        pair.File.Write(pair.Landscape(settings));
        return pair;
    }

    /// <summary>The same, both agents running, and the first probes answered.</summary>
    public static async Task<PathPair> StartAsync(string settings = "", bool v6 = false, params string[] options)
    {
        var pair = await CreateAsync(settings, v6);
        try
        {
            await pair.StartTargetAsync();
            await pair.StartSourceAsync(options);
            await pair.AnswersAsync();
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>A configuration of the pair.</summary>
    /// <param name="settings">Keys of the check; a <c>timeout</c> of 2 s is given unless it stands there.</param>
    /// <param name="top">Keys of the whole file.</param>
    /// <param name="further">What stands at its end.</param>
    public string Landscape(string settings, string top = "", string further = "")
    {
        // A machine that stands still for a second is no network that loses.
        var timeout = settings.Contains("timeout", StringComparison.Ordinal) ? "" : "timeout = \"2s\"";
        var (a, b) = _v6 ? (Source.V6, Target.V6) : (Source.V4, Target.V4);
        return $"""
            maintenance_file = "{File.Beside("maintenance")}"
            {top}
            [[server]]
            name = "a"
            ip = "{a}"
            [[server]]
            name = "b"
            ip = "{b}"
            [[check]]
            from = "a"
            to = "b"
            check = "stamp"
            {timeout}
            {settings}
            {further}

            """;
    }

    /// <summary>A file for one of the two alone; it goes with the pair.</summary>
    public LandscapeFile OtherFile(string text)
    {
        _files.Add(new LandscapeFile(text));
        return _files[^1];
    }

    /// <summary>Starts b and waits until it answers STAMP.</summary>
    public async Task StartTargetAsync(LandscapeFile? file = null)
    {
        _answering = await StartAsync("b", Target, file ?? File);
        await _answering.MetricsAsync(page => page.Value("meshpulse_stamp_reflector_up") == 1, "answers no STAMP");
    }

    /// <summary>Starts a.</summary>
    public async Task StartSourceAsync(params string[] options) => _asking = await StartAsync("a", Source, File, options);

    /// <summary>Starts the reflector alone in b's host and waits until it answers.</summary>
    public async Task<NodeProcess> StartReflectorAsync(int port)
    {
        var node = await NodeProcess.StartAsync(["reflect", "--listen", $":{port}"], Target.Network);
        _running.Add(node);
        await node.LineAsync(line => line.Contains("reflects STAMP at", StringComparison.Ordinal), "the start");
        return node;
    }

    /// <summary>Waits until a's figures of the path fit, and gives them.</summary>
    public async Task<PathTally> TallyAsync(Predicate<PathTally> fits, string what)
    {
        var page = await Asking.MetricsAsync(page => fits(PathTally.Read(page, "b")), what);
        return PathTally.Read(page, "b");
    }

    /// <summary>Waits until every flow has begun and been answered.</summary>
    public Task<PathTally> AnswersAsync(double least = 100) => TallyAsync(tally => tally.Answered >= least, $"has not {least} answers");

    /// <summary>Waits until so many requests more have come to the switch.</summary>
    public async Task PassesAsync(long requests, int port = Port)
    {
        var before = There.Count(port).Arrived;
        await Until.HoldsAsync(() => There.Count(port).Arrived >= before + requests, () => $"not {requests} requests more: {_lab}\n{Asking.Printed}");
    }

    /// <summary>Waits for a line of <c>--json</c>.</summary>
    public async Task<PathReading> ReadingAsync(Predicate<PathReading> fits, string what, int from = 0)
    {
        PathReading? found = null;
        await Until.HoldsAsync(() => (found = Readings.Skip(from).FirstOrDefault(reading => fits(reading))) is not null, () => $"no line {what}:\n{Asking.Printed}");
        return found!;
    }

    /// <summary>
    /// Has a's kernel refuse what a sends from now on, so that all can be decided and compared with the switch's books, and gives the final figures.
    /// Fails where they are not the same to the packet: sent, answered, lost in all.
    /// </summary>
    /// <param name="port">Where b answers.</param>
    public async Task<PathTally> SettleAsync(int port = Port)
    {
        await Source.RefuseToSendAsync($"udp dport {port}");
        await _lab.SettleAsync();
        var there = There.Count(port);
        // The switch may come to rest while the reflector still waits for a processor, and what it says then may come late.
        await Until.HoldsAsync(() => Back.Count(port).Arrived == there.Forwarded + there.Duplicated, () => $"the reflector did not answer all: {_lab}");
        await _lab.SettleAsync();
        var back = Back.Count(port);
        return await TallyAsync(
            tally => tally.IsDecided && tally.Sent == there.Arrived && tally.Answered + tally.Late == back.Forwarded, $"has not sent and decided {there}; {back}\n{_lab}");
    }

    /// <summary>Both sides' figures, for a failure.</summary>
    public string Explain(PathTally tally) => $"{tally} but {_lab}\n{Asking.Printed}";

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running)
        {
            await process.DisposeAsync();
        }

        _lab.Dispose();
        File.Dispose();
        _files.ForEach(file => file.Dispose());
    }

    private async Task<Checker> StartAsync(string name, LabHost host, LandscapeFile file, params string[] options)
    {
        var place = new Place(new IPEndPoint(_v6 ? host.V6 : host.V4, Port), new IPEndPoint(IPAddress.Loopback, 12223), host.Network);
        var checker = await Checker.StartAsync(file, name, place, ["--full-metrics", .. options]);
        _running.Add(checker);
        return checker;
    }
}
