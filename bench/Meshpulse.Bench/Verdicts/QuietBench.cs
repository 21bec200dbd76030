using System.Diagnostics;
using System.Globalization;
using System.Text;
using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Verdicts;

/// <summary>
/// Five real agents on loopback, in which nothing happens, for an hour; with a loop on every processor beside them where that is asked for. What they say is counted: of
/// hosts they may say that they are busy, as they are; of the network nothing is true.
/// </summary>
internal sealed class QuietBench(BenchOptions options)
{
    private const int Nodes = 5;
    private const string Network = "127.0.58";
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tell = TimeSpan.FromMinutes(1);

    /// <summary>Runs it.</summary>
    /// <returns>False where something was said against the network, or a node ended by itself.</returns>
    public async Task<bool> RunAsync(BenchResults results)
    {
        var name = options.IsLoaded ? "quiet, loaded" : "quiet";
        var length = options.For ?? s_hour;
        var file = options.Scratch("quiet.toml");
        await File.WriteAllTextAsync(file, Landscape(options.Scratch("quiet.maintenance")));
        Progress.Say($"{name}: {Nodes} agents on {Network}.1 to .{Nodes} for {length:h\\:mm\\:ss}, counted after the first {s_settling.TotalSeconds:0} s");

        var tally = new VerdictTally();
        var nodes = new List<Child>();
        try
        {
            for (var i = 1; i <= Nodes; i++)
            {
                nodes.Add(Child.Unbound(options.Agent, "check", file, "--name", $"node{i}", "--mesh", $"{Network}.1", "-b", $"{Network}.{i}", "-m", $"{Network}.{i}:12223", "-i", "5"));
                _ = ReadAsync(nodes[^1], $"node{i}", tally);
            }

            using var loops = options.IsLoaded ? new BusyLoops() : null;
            await Task.Delay(s_settling);
            tally.Begin();
            var lived = await WatchAsync(nodes, tally, name, length);
            tally.End();
            return Print(tally, name, lived, length, results);
        }
        finally
        {
            nodes.ForEach(n => n.Signal("TERM"));
            nodes.ForEach(n => n.Dispose());
        }
    }

    /// <summary>Waits, and says now and then how it is.</summary>
    /// <returns>How long all nodes ran.</returns>
    private static async Task<TimeSpan> WatchAsync(List<Child> nodes, VerdictTally tally, string name, TimeSpan length)
    {
        var (began, told) = (Stopwatch.StartNew(), TimeSpan.Zero);
        while (began.Elapsed < length && !nodes.Exists(n => n.HasExited))
        {
            await Task.Delay(s_look);
            if (began.Elapsed - told >= s_tell)
            {
                told = began.Elapsed;
                Progress.Say($"{name}: {told:h\\:mm\\:ss}, said {tally.Count}, of them against the network {tally.AgainstNetwork.Count}; load {LoadAverage()}");
            }
        }

        return began.Elapsed;
    }

    private static bool Print(VerdictTally tally, string name, TimeSpan lived, TimeSpan length, BenchResults results)
    {
        var table = new Table($"{name}: verdicts of {Nodes} nodes in {lived:h\\:mm\\:ss}; load at the end {LoadAverage()}", "what", "said");
        foreach (var (kind, count) in tally.ByKind)
        {
            table.Row(kind, count.ToString(CultureInfo.InvariantCulture));
        }

        table.Row("against the network", tally.AgainstNetwork.Count.ToString(CultureInfo.InvariantCulture));
        table.Print();
        foreach (var line in tally.AgainstNetwork)
        {
            Console.WriteLine(line);
        }

        results.Add(new { Bench = name, Seconds = lived.TotalSeconds, tally.ByKind, tally.AgainstNetwork });
        if (lived < length)
        {
            Console.Error.WriteLine("bench: a node ended by itself");
        }

        return lived >= length && tally.AgainstNetwork.Count == 0;
    }

    private static async Task ReadAsync(Child node, string name, VerdictTally tally)
    {
        while (await node.Output.ReadLineAsync() is { } line)
        {
            tally.Take(name, line);
        }
    }

    /// <summary>As in the demonstration: two datacenters, and a check of each on all others.</summary>
    private static string Landscape(string maintenance)
    {
        var text = new StringBuilder($"report_interval = \"5s\"\nwindow = \"5s\"\nmaintenance_file = \"{maintenance}\"\n\n[[group]]\nname = \"nodes\"\n");
        for (var i = 1; i <= Nodes; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n[[server]]\nname = \"node{i}\"\nip = \"{Network}.{i}\"\ndatacenter = \"quiet.{(i <= Nodes / 2 ? "left" : "right")}\"\ngroups = [\"nodes\"]\n");
        }

        return text.Append("\n[[check]]\nfrom = \"nodes\"\nto = \"nodes\"\ncheck = \"udp_ping\"\n").ToString();
    }

    private static string LoadAverage() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
