using Meshpulse.Cli.Tests.Golden;

namespace Meshpulse.Cli.Tests.Commands;

/// <summary>The built program as a process: what only shows there.</summary>
[Collection(ProcessCollection.Name)]
public class ProgramTests
{
    [Theory]
    [InlineData("meshpulse: -p 0: the ping interval must be at least 0.1 ms (default 5)", "-p", "0")]
    [InlineData("meshpulse: host:70000: port 70000 is not a number from 1 to 65535", "host:70000")]
    [InlineData("meshpulse: --treshold: no such option; did you mean --threshold?", "--treshold", "5")]
    public async Task A_wrong_line_ends_with_2_and_one_line_on_standard_error(string error, params string[] arguments)
    {
        (await ProcessRun.Of(ProcessRun.Program, arguments)).Is(2, "", error + "\n");
    }

    [Fact]
    public async Task Help_and_version_go_to_standard_output_and_end_with_0()
    {
        (await ProcessRun.Of(ProcessRun.Program, ["-h"])).Is(0, GoldenFile.Read("help.txt"), "");
        (await ProcessRun.Of(ProcessRun.Program, ["-v"])).Is(0, "meshpulse 0.1.0\n", "");
    }

    [Theory]
    [InlineData("meshmonitor")]
    [InlineData("mehsh_check")]
    public async Task A_link_of_a_name_with_a_meaning_gives_the_program_that_name(string name)
    {
        var folder = Directory.CreateTempSubdirectory("meshpulse-test-");
        try
        {
            var link = Path.Combine(folder.FullName, name);
            File.CreateSymbolicLink(link, ProcessRun.Program);

            (await ProcessRun.Of(link, ["-v"])).Is(0, $"{name} 0.1.0\n", "");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
