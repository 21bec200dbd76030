using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Networks;
using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Reports;

namespace Meshpulse.Lab.Checks;

/// <summary>The forms of output, the names and options that the program is called with, and how it ends.</summary>
public sealed class OutputTests
{
    private static readonly Dictionary<string, string> s_datacenters = new() { ["a"] = "fra.dc1", ["b"] = "fra.dc2" };

    [Fact]
    public async Task Json_has_the_figures_of_the_text()
    {
        var places = Place.OnLoopback(3);
        using var file = new LandscapeFile(Landscape(places));
        await using var json = await Checker.StartAsync(file, "a", places[0], "--json");
        await using var text = await Checker.StartAsync(file, "b", places[1]);
        var seen = new List<CheckWindow>();
        foreach (var checker in new[] { json, text })
        {
            seen.Add(await checker.ReportAsync(IsSteady, "with a steady window"));
        }

        await json.StopAsync();
        await text.StopAsync();
        foreach (var (checker, name) in new[] { (json, "a"), (text, "b") })
        {
            Assert.All(checker.Transcript.Windows, window => window.AssertSums(s_datacenters));
            Assert.All(checker.Transcript.Windows, window => Assert.Equal([$"{name} -> a", $"{name} -> b", $"{name} -> nobody"], window.Servers.Select(row => row.Path)));
        }

        // Both were asked the same of the same three servers.
        Assert.Equal(seen[0].Servers.Select(row => (row.To, row.Ip, row.Check)), seen[1].Servers.Select(row => (row.To, row.Ip, row.Check)));
        Assert.All(json.Process.Output.Lines.Where(line => line.Contains("\"type\":\"server\"", StringComparison.Ordinal)), AssertTotals);
    }

    [Fact]
    public async Task Through_a_link_named_mehsh_check_it_takes_the_original_s_line()
    {
        using var lab = await NetworkLab.CreateAsync(1);
        var network = Place.On(lab)[0].Network;
        using var file = new LandscapeFile(SeedExamples.Local);
        await using var node = await NodeProcess.StartAsync([file.FilePath, "--name=local"], network, file.LinkTo("mehsh_check"));
        await node.LineAsync(line => line.Contains(" server: local -> local, ip: 127.0.0.1, req: ", StringComparison.Ordinal), "the server's figures");
        node.Send(Signal.Terminate);
        Assert.Equal(0, await node.ExitAsync());
        Assert.NotEmpty(CheckTranscript.Read(node.Output.Lines).Notes);
        Assert.Equal("", node.Error.Text);
    }

    [Fact]
    public async Task With_mesh_it_is_a_node_of_it_too()
    {
        var places = Place.OnLoopback(3);
        using var file = new LandscapeFile(Landscape(places));
        await using var json = await Checker.StartAsync(file, "a", places[0], "--json", "--mesh", "-i", "1");
        await json.MetricsAsync(_ => true, "answers no scrape");
        await using var text = await Checker.StartAsync(file, "b", places[1], "--mesh", places[0].Identity.Address.ToString(), "-i", "1");
        foreach (var (checker, peer, target) in new[] { (json, places[1], "b"), (text, places[0], "a") })
        {
            await checker.MetricsAsync(
                page => page.Value("meshpulse_connected", "target", peer.Identity.Address.ToString()) == 1
                    && page.Value("meshpulse_heartbeats_received_total", "target", peer.Identity.Address.ToString()) > 100
                    && page.Value("meshpulse_probes_answered_total", "target", target) > 40,
                "one port does not have both families");
        }

        await Until.HoldsAsync(() => MeshLines(text).Any(line => line.EndsWith("Connected to 1 servers", StringComparison.Ordinal)), () => text.Printed);
        await Until.HoldsAsync(() => CheckLines(text).Windows.Count > 1, () => text.Printed);
        foreach (var checker in new[] { json, text })
        {
            checker.Process.Send(Signal.Interrupt);
            Assert.Equal(0, await checker.Process.ExitAsync());
            Assert.Equal("", checker.Process.Error.Text);
        }

        // Each line is one of the two's, and each of their blocks is whole.
        Assert.NotEmpty(Transcript.Read([.. MeshLines(text)]).Reports);
        Assert.All(CheckLines(text).Windows, window => window.AssertSums(s_datacenters));
        Assert.Contains(json.Transcript.Notes, note => note.StartsWith("mesh: ", StringComparison.Ordinal));
        Assert.NotEmpty(json.Transcript.Windows);
    }

    [Fact]
    public async Task A_bad_file_is_refused_with_each_mistake_in_its_place()
    {
        using var file = new LandscapeFile("""
            widnow = "5s"
            [[server]]
            name = "a"
            ip = "192.0.2.256"
            [[check]]
            from = "a"
            to = "c"
            check = "udp_ping"

            """);
        var (exit, output, error) = await NodeProcess.RunAsync("check", file.FilePath, "--name", "a", "-d");
        Assert.Equal((2, ""), (exit, output));
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["1:1", "4:6", "7:6"], lines.Select(line => line[(file.FilePath.Length + 1)..].Split(": ")[0]));
        Assert.All(lines, line => Assert.StartsWith($"{file.FilePath}:", line, StringComparison.Ordinal));

        using var sound = new LandscapeFile(Landscape(Place.OnLoopback(3)));
        (exit, output, error) = await NodeProcess.RunAsync("check", sound.FilePath, "--name", "c", "-d");
        Assert.Equal((2, ""), (exit, output));
        Assert.Matches("'?c'?.*a.*b.*nobody", AssertOneLine(error));

        (exit, output, error) = await NodeProcess.RunAsync("check", sound.Beside("missing.toml"), "--name", "a", "-d");
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains("missing.toml", AssertOneLine(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reflector_port_that_is_taken_is_named()
    {
        var places = Place.OnLoopback(3);
        var port = Ports.Next();
        using var file = new LandscapeFile(Landscape(places, port));
        using var holder = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        holder.Bind(new System.Net.IPEndPoint(places[0].Identity.Address, port));
        var (exit, output, error) = await NodeProcess.RunAsync("check", file.FilePath, "--name", "a", "-d");
        Assert.Equal((1, ""), (exit, output));
        Assert.Contains($"{places[0].Identity.Address}:{port}", AssertOneLine(error), StringComparison.Ordinal);
        Assert.Contains("in use", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_redraws_a_table_and_gives_the_cursor_back()
    {
        var places = Place.OnLoopback(3);
        using var file = new LandscapeFile(Landscape(places));
        await using var terminal = await Terminal.StartAsync(120, 30, NodeProcess.ProgramFile, "check", file.FilePath, "--name", "a", "-d", "--watch");
        string Text() => terminal.Text;
        await Until.HoldsAsync(() => Frames(Text()).Count(frame => frame.Contains(" a -> b ", StringComparison.Ordinal)) >= 3, Text);
        terminal.Send(Signal.Terminate);
        Assert.Equal(0, await terminal.ExitAsync());

        // Hidden when the first frame is drawn, visible at the end, and nothing but frames from the first on.
        Assert.EndsWith("\e[?25h", Text().TrimEnd(), StringComparison.Ordinal);
        Assert.All(Frames(Text()), frame => Assert.Contains("\e[J", frame, StringComparison.Ordinal));
        var last = Frames(Text())[^1].Split("\r\n");
        Assert.Matches(@"^check +from -> to +ip +req +resp +loss +loss % +min ms +max ms +unsent\e\[K$", last[0]);
        Assert.Matches($@"^udp_ping a -> b +{places[1].Identity.Address} ", last[2]);
        Assert.Contains(last, line => line.Contains(" mode: normal, window: 5 s, pairs: 3, with loss: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_wants_a_terminal()
    {
        using var file = new LandscapeFile(Landscape(Place.OnLoopback(3)));
        var (exit, output, error) = await NodeProcess.RunAsync("check", file.FilePath, "--name", "a", "-d", "--watch");
        Assert.Equal((2, ""), (exit, output));
        Assert.Contains("--watch", AssertOneLine(error), StringComparison.Ordinal);
    }

    /// <summary>Two that run and one that does not, all asked by both.</summary>
    private static string Landscape(IReadOnlyList<Place> places, int? port = null) => string.Create(CultureInfo.InvariantCulture, $"""
        port = {port ?? Ports.Next()}
        [[group]]
        name = "all"
        [[server]]
        name = "a"
        ip = "{places[0].Identity.Address}"
        datacenter = "fra.dc1"
        groups = ["all"]
        [[server]]
        name = "b"
        ip = "{places[1].Identity.Address}"
        datacenter = "fra.dc2"
        groups = ["all"]
        [[server]]
        name = "nobody"
        ip = "{places[2].Identity.Address}"
        groups = ["all"]
        [[check]]
        from = "all"
        to = "all"
        check = "udp_ping"

        """);

    private static bool IsSteady(CheckWindow window) =>
        window.Servers.All(row => row.Requests is >= 190 and <= 201 && (row.To == "nobody" ? row.Responses == 0 : row.Loss == 0));

    private static void AssertTotals(string line)
    {
        using var document = JsonDocument.Parse(line);
        long Of(string name) => document.RootElement.GetProperty(name).GetInt64();
        // One that was asked before its thread had begun answers late.
        Assert.InRange(Of("sent_total") - Of("answered_total") - Of("lost_total") - Of("late_total"), 0, 42);
        Assert.True(Of("answered_total") >= Of("responses"));
        Assert.Equal(0, Of("duplicate_total"));
    }

    private static CheckTranscript CheckLines(Checker checker) => CheckTranscript.Read([.. checker.Process.Output.Lines.Except(MeshLines(checker))]);

    /// <summary>The mesh's lines begin with a time alone, or with the brackets of a table.</summary>
    private static IEnumerable<string> MeshLines(Checker checker) =>
        checker.Process.Output.Lines.Where(line => line.StartsWith('[') || (line.Length > 9 && line[2] == ':' && line[9] == '['));

    private static List<string> Frames(string text) => [.. text.Split("\e[?25l\e[H").Skip(1)];

    private static string AssertOneLine(string text)
    {
        Assert.Equal(text.Length - 1, text.IndexOf('\n'));
        return text;
    }
}
