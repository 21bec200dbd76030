using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Config;

namespace Meshpulse.Cli.Demo;

/// <summary>
/// The demonstration: five nodes on loopback addresses as real processes, on which three different faults are played, and what the nodes say of each. The first
/// node's console is shown as it is; lines of the demonstration itself begin with <c>demo |</c>.
/// </summary>
internal sealed class DemoRun(TextWriter output, TextWriter error)
{
    public const int NodeCount = 5;

    private const int MeshPort = 12222;
    private const int MetricsPort = 12223;
    private const int ReportSeconds = 5;
    private const int Faults = 3;
    private static readonly TimeSpan s_freeze = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    // A node that is new is not judged before it is three seconds old.
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<DemoNode> _nodes = [];
    private readonly DemoVerdicts _verdicts = new();
    private readonly bool _colour = ColourPolicy.IsOn(!System.Console.IsOutputRedirected, Environment.GetEnvironmentVariable);
    private string _network = "";
    private string _file = "";

    /// <summary>Runs until <paramref name="stop"/>: 0 then; 1 where a node could not start or ended by itself.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        if (FreeNetwork() is not { } network)
        {
            await error.WriteLineAsync($"meshpulse: demo: ports {MeshPort}, {MetricsPort} and {LandscapeSettings.DefaultPort} are in use on every loopback network tried (127.0.77.* to 127.0.99.*)");
            return 1;
        }

        using var landscape = new DemoLandscape(network, NodeCount, ReportSeconds);
        (_network, _file) = (network, landscape.FilePath);
        try
        {
            Introduce();
            for (var i = 1; i <= NodeCount; i++)
            {
                _nodes.Add(Start(i));
            }

            return await PlayAsync(stop) ? 0 : await DiedAsync();
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        finally
        {
            Parallel.ForEach(_nodes, node => node.Dispose());
            Say("stopped; nothing is left behind");
        }
    }

    private DemoNode Start(int number)
    {
        var address = $"{_network}.{number}";
        string[] arguments =
        [
            "check", _file, "--name", DemoLandscape.NameOf(number),
            "--mesh", $"{_network}.1", "-b", address, "-m", $"{address}:{MetricsPort}", "-i", ReportSeconds.ToString(CultureInfo.InvariantCulture),
            "--history", Path.Combine(Path.GetDirectoryName(_file)!, $"{DemoLandscape.NameOf(number)}.history"),
        ];
        return new DemoNode(address, arguments, _colour, line =>
        {
            _verdicts.Take(address, line);
            if (number == 1)
            {
                Show(line);
            }
        });
    }

    private void Introduce()
    {
        Say($"five nodes on this machine, {_network}.1 to {_network}.{NodeCount}; a heartbeat every 5 ms each way, a table every {ReportSeconds} s");
        Say($"and 40 UDP pings a second to each server of one file, in which \"nobody\" is a server that isn't there: {_file}");
        Say($"each is a process of its own, as in: meshpulse check {Path.GetFileName(_file)} --name {DemoLandscape.NameOf(2)} --mesh {_network}.1 -m {_network}.2:{MetricsPort}");
        Say($"in a browser: http://{_network}.1:{MetricsPort}/ shows all ways between them and what is wrong; any of the others shows the same. In a terminal: meshpulse top {_network}.1");
        Say($"metrics of the first one: curl http://{_network}.1:{MetricsPort}/metrics; what it says is wrong: meshpulse diagnose {_network}.1");
        Say($"below is the console of {_network}.1 as it is; Ctrl-C ends everything");
    }

    /// <summary>Plays the faults, round after round on other nodes. False where a node ended by itself.</summary>
    private async Task<bool> PlayAsync(CancellationToken stop)
    {
        if (!await UntilTableAsync(after: 0, stop))
        {
            return false;
        }

        Say("the table: receive is the time between a peer's heartbeats, 5 ms when all is well; so is send, our own punctuality");
        await Task.Delay(s_settling, stop);
        // The first one sees all of them, so it is spared.
        for (var turn = 0; ; turn += Faults)
        {
            var named = new List<string> { await FreezeAsync(Victim(turn), stop) };
            named.AddRange(await EndAsync(2, Victim(turn + 1), "killed (SIGKILL): it can't say goodbye", n => n.Kill(), "host.process_gone", stop));
            named.AddRange(await EndAsync(3, Victim(turn + 2), "stopped in order (SIGTERM): it says goodbye", n => n.Stop(), "host.left", stop));
            Say($"three faults, named by the other nodes: {string.Join(", ", named)}");
            if (!await UntilTableAsync(_nodes[0].Tables, stop))
            {
                return false;
            }

            Say("once more, with others; Ctrl-C ends everything");
        }
    }

    private static int Victim(int turn) => 1 + (turn % (NodeCount - 1));

    private async Task<string> FreezeAsync(int index, CancellationToken stop)
    {
        var victim = _nodes[index];
        var fault = Begin(1, $"{victim.Address} is frozen (SIGSTOP) for {s_freeze.TotalSeconds:0} s");
        victim.Freeze();
        try
        {
            await Task.Delay(s_freeze, stop);
        }
        finally
        {
            victim.Thaw();
        }

        var there = NextTableAsync(victim, stop);
        var here = NextTableAsync(_nodes[0], stop);
        var named = await TellAsync("host.frozen", victim.Address, fault, stop);
        ShowBothEnds(victim.Address, await here, await there);
        return named;
    }

    /// <summary>Ends a node, in one way or the other, and starts it again.</summary>
    private async Task<IReadOnlyList<string>> EndAsync(int number, int index, string how, Action<DemoNode> end, string kind, CancellationToken stop)
    {
        var address = _nodes[index].Address;
        var fault = Begin(number, $"{address} is {how}");
        end(_nodes[index]);
        var ended = await TellAsync(kind, address, fault, stop);
        _nodes[index].Dispose();
        fault = Begin(number, $"{address} is started again");
        _nodes[index] = Start(index + 1);
        var began = await TellAsync("host.restarted", address, fault, stop);
        await Task.Delay(s_settling, stop);
        return [ended, began];
    }

    private long Begin(int number, string what)
    {
        _verdicts.Forget();
        Say($"fault {number} of {Faults}, {DateTime.Now:HH:mm:ss.fff}: {what}");
        return Stopwatch.GetTimestamp();
    }

    /// <summary>Waits for the others' verdicts on a fault, and says what they were and how long they took; gives that in few words.</summary>
    private async Task<string> TellAsync(string kind, string victim, long fault, CancellationToken stop)
    {
        var others = _nodes.Select(n => n.Address).Where(a => a != victim).ToList();
        var named = await _verdicts.UntilNamedAsync(kind, victim, others, fault, s_patience, stop);
        if (named.Count == 0)
        {
            Say($"nobody named it {kind} within {s_patience.TotalSeconds:0} s");
            return $"{kind} by nobody";
        }

        Say($"{kind} {victim}: named by {named.Count} of {others.Count} others, the first after {Seconds(named[0].After)}, the last after {Seconds(named[^1].After)}");
        foreach (var (observer, after, told) in named.Take(2))
        {
            Say($"  {observer} after {Seconds(after)}: {told}");
        }

        return $"{kind} after {Seconds(named[0].After)}";
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");

    /// <summary>The table that a node prints next; what it has where it ends before.</summary>
    private static async Task<IReadOnlyList<string>> NextTableAsync(DemoNode node, CancellationToken stop)
    {
        var seen = node.Tables;
        while (node.Tables == seen && !node.HasFailed)
        {
            await Task.Delay(s_look, stop);
        }

        return node.LatestTable;
    }

    /// <summary>The numbers behind it: what the first node received from the victim beside what the victim sent.</summary>
    private void ShowBothEnds(string victim, IReadOnlyList<string> here, IReadOnlyList<string> there)
    {
        var first = _nodes[0].Address;
        Say($"in the tables, receive Max for {victim} at {first}, and below it send Max for {first} at {victim}, tell the same:");
        lock (_gate)
        {
            foreach (var line in (string[])[.. here.Skip(1).Take(2), .. here.Where(l => l.Contains($" {victim}]")), .. there.Where(l => l.Contains($" {first}]"))])
            {
                output.WriteLine($"     | {line}");
            }

            output.Flush();
        }
    }

    /// <summary>False where a node ended meanwhile.</summary>
    private async Task<bool> UntilTableAsync(int after, CancellationToken stop)
    {
        while (_nodes[0].Tables <= after)
        {
            if (_nodes.Exists(n => n.HasFailed))
            {
                return false;
            }

            await Task.Delay(s_look, stop);
        }

        return true;
    }

    private async Task<int> DiedAsync()
    {
        foreach (var node in _nodes.Where(n => n.HasFailed))
        {
            await error.WriteLineAsync($"meshpulse: demo: node {node.Address} ended: {await node.LastWordsAsync()}");
        }

        return 1;
    }

    private void Show(string line)
    {
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private void Say(string text) => Show($"demo | {text}");

    /// <summary>The first of some loopback networks on which nobody uses our ports: two demonstrations may run at once.</summary>
    private static string? FreeNetwork()
    {
        for (var third = 77; third < 100; third++)
        {
            var network = $"127.0.{third}";
            if (Enumerable.Range(1, NodeCount).All(i => IsFree($"{network}.{i}", MeshPort) && IsFree($"{network}.{i}", MeshPort, ProtocolType.Udp) && IsFree($"{network}.{i}", MetricsPort) && IsFree($"{network}.{i}", LandscapeSettings.DefaultPort, ProtocolType.Udp)))
            {
                return network;
            }
        }

        return null;
    }

    private static bool IsFree(string address, int port, ProtocolType protocol = ProtocolType.Tcp)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
