using System.Net;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Networks;
using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Reports;

namespace Meshpulse.Lab.Checks;

/// <summary>The examples of mehsh's document, run as it says: what is reached, what is not, and that the lines tell the one from the other.</summary>
public sealed class ExampleTests
{
    // In five seconds of 25 ms; a boundary may fall on either side of a probe. On a busy machine a few are unsent.
    private const long WholeWindow = 200;
    private const long Nearly = 190;

    // Loss comes and goes with the window: a short one, where the test is not about its length.
    private const string Short = "window = \"2s\"\nreport_interval = \"500ms\"\n";
    private const long ShortWindow = 75;

    private static readonly string[] s_lampServers =
    [
        "loadbalancer1", "loadbalancer2", "applicationserver1", "applicationserver2", "databaseserver1", "databaseserver2", "databaseserver3", "database_backup",
    ];

    [Fact]
    public async Task Example_1_as_it_stands_reaches_itself_and_loses_the_other()
    {
        // The addresses and the port are the file's own, so they are had in a network where nobody else can have them.
        using var lab = await NetworkLab.CreateAsync(1);
        using var file = new LandscapeFile(SeedExamples.Local);
        await using var local = await Checker.StartAsync(file, "local", Place.On(lab)[0]);
        await local.ReportAsync(window => window.Servers.All(IsWhole), "with a whole window");
        var more = local.Transcript.Windows.Count + 3;
        await local.ReportAsync(_ => true, "at all", more);
        await local.StopAsync();

        string[] lines = ["local -> local", "local -> fail", "fra.dc11 -> fra", "fra.dc11 -> fra.dc11", "fra.dc11 -> fra.dc12"];
        var datacenters = new Dictionary<string, string> { ["local"] = "fra.dc11", ["fail"] = "fra.dc12" };
        Assert.All(local.Transcript.Windows, window =>
        {
            Assert.Equal(lines, window.Rows.Select(row => row.Path));
            Assert.Equal(["127.0.0.1", "127.0.222.1"], window.Servers.Select(row => row.Ip));
            Assert.All(window.Rows, row => Assert.Equal(("udp_ping", false), (row.Check, row.IsMaintenance)));
            Assert.Equal(0, window.Of("local", "local")!.Loss);
            Assert.Equal(0, window.Of("local", "fail")!.Responses);
            Assert.All(window.Servers, row => Assert.InRange(row.Requests, 0, WholeWindow + 1));
            window.AssertSums(datacenters);
        });
        AssertEachSecond(local.Transcript.Windows);
    }

    [Fact]
    public async Task Example_2_as_it_stands_has_no_mistakes()
    {
        using var file = new LandscapeFile(SeedExamples.LampStack);
        foreach (var name in s_lampServers)
        {
            Assert.Equal((0, ""), await CheckConfigAsync(file, name));
        }

        Assert.NotEqual((0, ""), await CheckConfigAsync(file, "nobody"));
    }

    [Fact]
    public async Task Example_2_on_eight_hosts_tells_which_link_is_cut()
    {
        using var lab = await NetworkLab.CreateAsync(s_lampServers.Length);

        // Its addresses are all of the loopback network, which no host reaches at another: each gets that of its host instead.
        string[] theirs = ["127.0.2.2", "127.0.2.3", "127.0.3.2", "127.0.3.3", "127.0.4.2", "127.0.4.3", "127.0.4.4", "127.0.5.1"];
        var text = theirs.Index().Aggregate(SeedExamples.LampStack, (t, a) => t.Replace($"v4:{a.Item}\"", $"v4:{lab.Hosts[a.Index].V4}\"", StringComparison.Ordinal));
        using var file = new LandscapeFile(Short + text);
        await using var checkers = new CheckerGroup();
        foreach (var (name, place) in s_lampServers.Zip(Place.On(lab)))
        {
            await checkers.AddAsync(file, name, place);
        }

        var pairs = await checkers.AssertAllAnswerAsync(ShortWindow);
        Assert.Equal(22, pairs.Count);
        Assert.Equal(pairs, Pairs(["loadbalancer1", "loadbalancer2"], ["applicationserver1", "applicationserver2"])
            .Concat(Pairs(["applicationserver1", "applicationserver2"], ["databaseserver1", "databaseserver2", "databaseserver3"]))
            .Concat(Pairs(["databaseserver1", "databaseserver2", "databaseserver3", "database_backup"], ["databaseserver1", "databaseserver2", "databaseserver3"])));

        // A cable: all that goes to this server and comes from it.
        await lab.CutAsync(lab.Hosts[2]);
        string[] cut = [.. pairs.Where(pair => pair.Contains("applicationserver1", StringComparison.Ordinal))];
        Assert.Equal(5, cut.Length);
        await checkers.AssertLoseAsync(cut);
        await lab.RestoreAsync(lab.Hosts[2]);
        await checkers.AssertHealsAsync();

        // One path: requests are dropped at the one end, and with them what that end asked for.
        await lab.Hosts[4].DropFromAsync(lab.Hosts[5].V4);
        await checkers.AssertLoseAsync(["databaseserver1 -> databaseserver2", "databaseserver2 -> databaseserver1"]);
        await lab.Hosts[4].AcceptAsync();
        await checkers.AssertHealsAsync();
        await checkers.StopAsync();
    }

    [Fact]
    public async Task Three_hosts_in_IPv6_tell_which_path_is_cut()
    {
        using var lab = await NetworkLab.CreateAsync(3);
        using var file = new LandscapeFile(Short + Full(lab.Hosts.Select(host => host.V6)));
        await using var checkers = new CheckerGroup();
        foreach (var (name, place) in new[] { "s1", "s2", "s3" }.Zip(Place.On(lab, v6: true)))
        {
            await checkers.AddAsync(file, name, place);
        }

        var pairs = await checkers.AssertAllAnswerAsync(ShortWindow);
        Assert.Equal(9, pairs.Count);
        Assert.All(checkers.Members, member => Assert.Equal(lab.Hosts.Select(host => host.V6.ToString()), member.Transcript.Windows[^1].Servers.Select(row => row.Ip)));
        await lab.Hosts[2].DropFromAsync(lab.Hosts[0].V6);
        await checkers.AssertLoseAsync(["s1 -> s3", "s3 -> s1"]);
        await lab.Hosts[2].AcceptAsync();
        await checkers.AssertHealsAsync();
        await checkers.StopAsync();
    }

    private static bool IsWhole(CheckRow row) => row.Requests >= Nearly;

    private static IEnumerable<string> Pairs(string[] from, string[] to) => from.SelectMany(a => to.Select(b => $"{a} -> {b}"));

    private static async Task<(int Exit, string Said)> CheckConfigAsync(LandscapeFile file, string name)
    {
        var (exit, output, error) = await NodeProcess.RunAsync("config", "check", file.FilePath, "--name", name);
        return (exit, exit == 0 ? error : output + error);
    }

    private static string Full(IEnumerable<IPAddress> addresses) =>
        "[[group]]\nname = \"all\"\n"
        + string.Concat(addresses.Index().Select(a => $"[[server]]\nname = \"s{a.Index + 1}\"\nip = \"v6:{a.Item}\"\ngroups = [\"all\"]\n"))
        + "[[check]]\nfrom = \"all\"\nto = \"all\"\ncheck = \"udp_ping\"\n";

    /// <summary>Never more often, and as a rule not more seldom: a machine that stalls may miss one.</summary>
    private static void AssertEachSecond(List<CheckWindow> windows)
    {
        var steps = windows.Zip(windows.Skip(1), (a, b) => (b.At - a.At).TotalSeconds).ToList();
        Assert.True(steps.Sum() >= steps.Count - 1, $"steps of {string.Join(", ", steps)} s");
        Assert.True(steps.Count(step => step == 1) > steps.Count / 2, $"steps of {string.Join(", ", steps)} s");
    }
}
