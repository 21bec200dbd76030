using System.Net;
using System.Text.RegularExpressions;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

public partial class MetricsDocumentTests
{
    [Fact]
    public async Task The_document_names_exactly_the_families_that_the_program_serves()
    {
        Assert.True(NodeEndpoint.TryParse("127.0.61.1:12222", out var self));
        var folder = Directory.CreateTempSubdirectory("meshpulse-metrics");
        var options = new AgentOptions
        {
            Mesh = new MeshOptions { Self = self },
            MeshListener = new Deaf(),
            Checks = TestLandscape.Setup("m", new RecordingCheckListener(), """
                port = 14233
                [[server]]
                name = "m"
                ip = "127.0.61.1"
                """),
            Metrics = new MetricsListenSpec(IPAddress.Parse("127.0.61.1"), 0),
            History = new HistoryOptions { File = Path.Combine(folder.FullName, "node.history") },
            Version = "1.2.3",
        };
        await using var agent = await ProbeAgent.StartAsync(options, CancellationToken.None);
        await using var reflector = await StampReflectorService.StartAsync(
            new StampReflectorOptions { Listen = [self.WithPort(0)], Metrics = options.Metrics }, CancellationToken.None);
        using var client = new HttpClient();
        var pages = await client.GetStringAsync($"http://{agent.MetricsEndPoint}/metrics")
            + await client.GetStringAsync($"http://{reflector.MetricsEndPoint}/metrics");

        var served = TypeLine().Matches(pages).Select(m => m.Groups["name"].Value).Distinct().Order().ToList();
        var told = Name().Matches(await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "metrics.md")))
            .Select(m => m.Groups["name"].Value).Distinct().Order().ToList();
        Assert.Equal(served, told);
        await agent.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Meshpulse.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex("^# TYPE (?<name>[a-z_]+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TypeLine();

    // Names in the tables stand in back quotes; those in the questions at the end have none.
    [GeneratedRegex("`(?<name>(meshpulse|meshmonitor|process)_[a-z_]+)`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    private sealed class Deaf : IAgentListener
    {
        public void OnEvent(MeshEvent happened)
        {
        }

        public void OnGap(NodeEndpoint node, ReceiveGap gap)
        {
        }

        public void OnReport(WindowReport report)
        {
        }

        public void OnVerdict(WallTime at, Meshpulse.Core.Diagnosis.VerdictChange change)
        {
        }

        public void OnNote(WallTime at, string text)
        {
        }
    }
}
