using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Config;

namespace Meshpulse.Cli.Demo;

/// <summary>
/// The demonstration: five nodes on loopback addresses as real processes, one of them frozen now and then. The first node's
/// console is shown as it is; lines of the demonstration itself begin with <c>demo |</c>.
/// </summary>
internal sealed class DemoRun(TextWriter output, TextWriter error)
{
    public const int NodeCount = 5;

    private const int MeshPort = 12222;
    private const int MetricsPort = 12223;
    private const int ReportSeconds = 5;
    private static readonly TimeSpan s_freeze = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();

    /// <summary>Runs until <paramref name="stop"/>: 0 then; 1 where a node could not start or ended by itself.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        if (FreeNetwork() is not { } network)
        {
            await error.WriteLineAsync($"meshpulse: demo: ports {MeshPort}, {MetricsPort} and {LandscapeSettings.DefaultPort} are in use on every loopback network tried (127.0.77.* to 127.0.99.*)");
            return 1;
        }

        var colour = ColourPolicy.IsOn(!System.Console.IsOutputRedirected, Environment.GetEnvironmentVariable);
        using var landscape = new DemoLandscape(network, NodeCount, ReportSeconds);
        var nodes = new List<DemoNode>();
        try
        {
            Introduce(network, landscape.FilePath);
            for (var i = 1; i <= NodeCount; i++)
            {
                nodes.Add(Start(network, i, landscape.FilePath, colour));
            }

            return await PlayAsync(nodes, stop);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        finally
        {
            Parallel.ForEach(nodes, node => node.Dispose());
            Say("stopped; nothing is left behind");
        }
    }

    private DemoNode Start(string network, int number, string file, bool colour)
    {
        var address = $"{network}.{number}";
        string[] arguments =
        [
            "check", file, "--name", DemoLandscape.NameOf(number),
            "--mesh", $"{network}.1", "-b", address, "-m", $"{address}:{MetricsPort}", "-i", ReportSeconds.ToString(CultureInfo.InvariantCulture),
        ];
        return new DemoNode(address, arguments, colour, number == 1 ? Show : _ => { });
    }

    private void Introduce(string network, string file)
    {
        Say($"five nodes on this machine, {network}.1 to {network}.{NodeCount}; a heartbeat every 5 ms each way, a table every {ReportSeconds} s");
        Say($"and 40 UDP pings a second to each server of one file, in which \"nobody\" is a server that isn't there: {file}");
        Say($"each is a process of its own, as in: meshpulse check {Path.GetFileName(file)} --name {DemoLandscape.NameOf(2)} --mesh {network}.1 -m {network}.2:{MetricsPort}");
        Say($"metrics of the first one: curl http://{network}.1:{MetricsPort}/metrics");
        Say($"below is the console of {network}.1 as it is; Ctrl-C ends everything");
    }

    private async Task<int> PlayAsync(List<DemoNode> nodes, CancellationToken stop)
    {
        if (!await UntilTableAsync(nodes, after: 0, stop))
        {
            return await DiedAsync(nodes);
        }

        Say("a quiet table: receive, the time between a peer's heartbeats, is near 5 ms everywhere; so is send, our own punctuality");
        for (var round = 0; ; round++)
        {
            var victim = nodes[1 + (round % (NodeCount - 1))];
            var before = nodes[0].Tables;
            await Task.Delay(TimeSpan.FromSeconds(1.5), stop);
            var when = TimeOnly.FromDateTime(DateTime.Now);
            victim.Freeze();
            try
            {
                await Task.Delay(s_freeze, stop);
            }
            finally
            {
                victim.Thaw();
            }

            Say($"{victim.Address} was frozen (SIGSTOP) for {s_freeze.TotalMilliseconds:0} ms at {when:HH:mm:ss}; wait for the next table");
            if (!await UntilTableAsync(nodes, before, stop))
            {
                return await DiedAsync(nodes);
            }

            await ExplainAsync(victim, stop);
            if (!await UntilTableAsync(nodes, nodes[0].Tables, stop))
            {
                return await DiedAsync(nodes);
            }
        }
    }

    private async Task ExplainAsync(DemoNode victim, CancellationToken stop)
    {
        Say($"look at the row {victim.Address}: receive Max is some {s_freeze.TotalMilliseconds:0} ms, and every other row is near 5: that node stalled, not the network");
        Say($"its line \"server: {DemoLandscape.NameOf(1)} -> {DemoLandscape.NameOf(int.Parse(victim.Address.Split('.')[^1], CultureInfo.InvariantCulture))}\" says the same: max_lat of some {s_freeze.TotalMilliseconds * 1000:0} us and no loss, since late is not lost; \"nobody\" loses all");
        // Its report ends a moment after that of the first node, since it started later.
        var seen = victim.Tables;
        for (var i = 0; i < 40 && victim.Tables == seen; i++)
        {
            await Task.Delay(s_look, stop);
        }

        Say($"the same {ReportSeconds} s as {victim.Address} itself saw them: it received on time (the kernel stamped what came) but send Max tells that it slept");
        lock (_gate)
        {
            foreach (var line in victim.LatestTable.Skip(1))
            {
                output.WriteLine($"     | {line}");
            }

            output.Flush();
        }
    }

    /// <summary>False where a node ended meanwhile.</summary>
    private static async Task<bool> UntilTableAsync(List<DemoNode> nodes, int after, CancellationToken stop)
    {
        while (nodes[0].Tables <= after)
        {
            if (nodes.Exists(n => n.HasExited))
            {
                return false;
            }

            await Task.Delay(s_look, stop);
        }

        return true;
    }

    private async Task<int> DiedAsync(List<DemoNode> nodes)
    {
        foreach (var node in nodes.Where(n => n.HasExited))
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
