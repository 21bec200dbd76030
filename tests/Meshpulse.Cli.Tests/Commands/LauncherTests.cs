using Meshpulse.Cli.Tests.Golden;

namespace Meshpulse.Cli.Tests.Commands;

/// <summary>The script that builds the program and becomes it, with the real SDK. Its first run here may build.</summary>
[Collection(ProcessCollection.Name)]
public sealed class LauncherTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meshpulse-test-");

    private static string Launcher => Path.Combine(ProcessRun.Checkout, "meshpulse");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Called_from_anywhere_it_passes_arguments_output_and_exit_code_through()
    {
        (await ProcessRun.Of(Launcher, ["-v"], _folder.FullName)).Is(0, "meshpulse 0.1.0\n", "");
        (await ProcessRun.Of(Launcher, ["-p", "1  *"], _folder.FullName))
            .Is(2, "", "meshpulse: -p 1  *: not a number; the ping interval is 0.1 to 60000 ms (default 5)\n");
    }

    [Fact]
    public async Task A_link_named_meshmonitor_gives_the_program_that_name()
    {
        var link = Path.Combine(_folder.FullName, "meshmonitor");
        File.CreateSymbolicLink(link, Launcher);

        (await ProcessRun.Of(link, ["-h"], _folder.FullName)).Is(0, GoldenFile.Read("help-meshmonitor.txt"), "");
    }
}
