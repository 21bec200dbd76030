using System.Text;
using Meshpulse.Agent.Analysis;
using Meshpulse.Core.Config;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Analysis;

public class AnalysisBookTests
{
    private static readonly Landscape s_landscape = LandscapeReader.Read(
        Encoding.UTF8.GetBytes(
            """
            analysis_dir = "/var/lib/x"
            max_analyses = 3
            max_analysis_output = 2048
            [[group]]
            name = "all"
            [[server]]
            name = "a"
            ip = "192.0.2.1"
            groups = ["all"]
            datacenter = "fra.dc11"
            extra2 = "two"
            [[server]]
            name = "b"
            ip = "b.example.net:4777"
            groups = ["all"]
            extra1 = "$(id)"
            extra3 = "three"
            [[check]]
            from = "all"
            to = "all"
            check = "udp_ping"
            [[analysis]]
            from = "all"
            to = "all"
            name = "mtr"
            min_loss = 20
            command = "mtr {{server.to.extra1}}"
            start_delay = "1s"
            pause = "3m"
            time_limit = "4m"
            [[analysis]]
            from = "a"
            to = "b"
            name = "mtr"
            min_loss = 1
            command = "true"
            """),
        "mesh.toml").Value!;

    [Fact]
    public void Settings_are_those_of_the_file_and_otherwise_the_defaults() =>
        Assert.Equal(
            new AnalysisSettings { Directory = "/var/lib/x", MaxRunning = 3, MaxOutputBytes = 2048 },
            AnalysisBook.SettingsOf(s_landscape));

    [Fact]
    public void Definitions_have_everything_that_the_file_says()
    {
        var definition = Assert.Single(AnalysisBook.DefinitionsOf(s_landscape, "a", server => server.Name == "b" ? "2001:db8::7" : server.Address.Host));

        Assert.Equal(
            new Agent.Analysis.AnalysisDefinition
            {
                Name = "mtr",
                From = new ServerFacts("a", "192.0.2.1", "fra.dc11", null, "two"),
                To = new ServerFacts("b", "2001:db8::7", null, "$(id)", null, "three"),
                MinLoss = 20,
                Command = "mtr {{server.to.extra1}}",
                StartDelay = Duration.FromSeconds(1),
                Pause = Duration.FromSeconds(180),
                TimeLimit = Duration.FromSeconds(240),
            },
            definition);
        Assert.Equal("a", Assert.Single(AnalysisBook.DefinitionsOf(s_landscape, "b", server => server.Address.Host)).To.Name);
        Assert.Empty(AnalysisBook.DefinitionsOf(s_landscape, "unheard of", server => server.Address.Host));
    }
}
