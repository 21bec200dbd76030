using System.Runtime.Versioning;

namespace Meshpulse.Cli.Tests.Commands;

/// <summary>
/// When the launcher builds and what it does about failures, in a small checkout of its own with a stand-in for the SDK,
/// which notes each build in a file.
/// </summary>
[Collection(ProcessCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class LauncherBuildTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meshpulse-test-");
    private readonly string _checkout;
    private readonly Dictionary<string, string?> _environment;

    public LauncherBuildTests()
    {
        _checkout = _folder.CreateSubdirectory("checkout").FullName;
        Directory.CreateDirectory(Path.Combine(_checkout, "src", "Room"));
        foreach (var file in (string[])["src/Room/A.cs", "src/Room/B.cs", "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"])
        {
            File.WriteAllText(Path.Combine(_checkout, file), "");
        }

        File.Copy(Path.Combine(ProcessRun.Checkout, "meshpulse"), Path.Combine(_checkout, "meshpulse"));
        var tools = _folder.CreateSubdirectory("tools").FullName;
        Script(Path.Combine(tools, "dotnet"), $"""
            cd '{_checkout}'
            [[ $1 == build ]] || exit 0
            echo "$*" >>builds
            if [[ -e broken ]]; then
              printf 'Restoring\nA.cs(1,1): error CS1002: ; expected\nA.cs(1,1): error CS1002: ; expected\n'
              exit 1
            fi
            mkdir -p artifacts/bin/Meshpulse.Cli/release
            cp program artifacts/bin/Meshpulse.Cli/release/meshpulse
            """);
        Script(Path.Combine(_checkout, "program"), """
            echo "$$ $DOTNET_GCgen0size $DOTNET_TieredPGO"
            kill -TERM $$
            """);
        _environment = new(StringComparer.Ordinal)
        {
            ["PATH"] = tools + ":" + Environment.GetEnvironmentVariable("PATH"),
            ["DOTNET_ROOT"] = null,
            ["DOTNET_GCgen0size"] = null,
            ["DOTNET_TieredPGO"] = null,
            ["CI"] = "true",
        };
    }

    private int Builds => File.Exists(Path.Combine(_checkout, "builds")) ? File.ReadAllLines(Path.Combine(_checkout, "builds")).Length : 0;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_becomes_the_program_and_sets_the_collector_up()
    {
        // The program ends itself by a signal: the same process has to have got it, and its end has to be the launcher's.
        var run = await Launch();

        run.Is(128 + 15, $"{run.Id} 0x400000 0\n", "");
    }

    [Fact]
    public async Task What_the_user_set_stays()
    {
        _environment["DOTNET_GCgen0size"] = "0x800000";
        _environment["DOTNET_TieredPGO"] = "1";

        Assert.EndsWith(" 0x800000 1\n", (await Launch()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_builds_when_a_source_changed_came_or_went_and_only_then()
    {
        await Launch();
        await Launch();
        Assert.Equal(1, Builds);

        File.AppendAllText(Path.Combine(_checkout, "src/Room/A.cs"), "//");
        await Launch();
        await Launch();
        Assert.Equal(2, Builds);

        File.Delete(Path.Combine(_checkout, "src/Room/B.cs"));
        await Launch();
        Assert.Equal(3, Builds);

        // As a copying tool leaves it: new content under an old date.
        File.WriteAllText(Path.Combine(_checkout, "src/Room/A.cs"), "// older");
        File.SetLastWriteTimeUtc(Path.Combine(_checkout, "src/Room/A.cs"), DateTime.UnixEpoch.AddYears(30));
        Directory.SetLastWriteTimeUtc(Path.Combine(_checkout, "src/Room"), DateTime.UnixEpoch.AddYears(30));
        await Launch();
        Assert.Equal(4, Builds);
        var builds = File.ReadAllLines(Path.Combine(_checkout, "builds"));
        Assert.Contains("--no-incremental", builds[3], StringComparison.Ordinal);
        Assert.All(builds[..3], build => Assert.DoesNotContain("--no-incremental", build, StringComparison.Ordinal));

        File.AppendAllText(Path.Combine(_checkout, "Directory.Packages.props"), " ");
        await Launch();
        await Launch();
        Assert.Equal(5, Builds);
    }

    [Fact]
    public async Task It_builds_when_the_dashboard_changed_and_when_node_came_to_build_it()
    {
        Directory.CreateDirectory(Path.Combine(_checkout, "dashboard/src"));
        foreach (var file in (string[])["src/main.tsx", "build", "index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.mjs"])
        {
            File.WriteAllText(Path.Combine(_checkout, "dashboard", file), "");
        }

        await Launch();
        Directory.CreateDirectory(Path.Combine(_checkout, "dashboard/node_modules"));
        await Launch();
        Assert.Equal(1, Builds);
        File.AppendAllText(Path.Combine(_checkout, "dashboard/src/main.tsx"), "//");
        await Launch();
        await Launch();
        Assert.Equal(2, Builds);

        var tools = Path.Combine(_folder.FullName, "tools");
        Script(Path.Combine(tools, "node"), "echo v99");
        Script(Path.Combine(tools, "npm"), "");
        var without = Path.Combine(_checkout, "artifacts/dashboard/without");
        Directory.CreateDirectory(Path.GetDirectoryName(without)!);
        File.WriteAllText(without, $"npm could not get its libraries\nv99 {tools}/npm\n");
        await Launch();
        Assert.Equal(2, Builds);
        File.WriteAllText(without, "node was not there\nnone none\n");
        await Launch();
        Assert.Equal(3, Builds);
    }

    [Fact]
    public async Task Started_several_times_at_once_it_builds_once()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Launch()));

        Assert.All(runs, run => run.Is(128 + 15, $"{run.Id} 0x400000 0\n", ""));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task A_locked_restore_is_not_for_users()
    {
        await Launch();

        Assert.Contains("-p:RestoreLockedMode=false", File.ReadAllText(Path.Combine(_checkout, "builds")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_build_shows_each_error_once_and_is_tried_again()
    {
        File.WriteAllText(Path.Combine(_checkout, "broken"), "");
        (await Launch()).Is(1, "", "A.cs(1,1): error CS1002: ; expected\nmeshpulse: the build failed\n");

        File.Delete(Path.Combine(_checkout, "broken"));
        Assert.Equal(128 + 15, (await Launch()).ExitCode);
        Assert.Equal(2, Builds);
    }

    [Fact]
    public async Task Without_an_sdk_it_says_in_one_line_what_to_install()
    {
        var tools = _folder.CreateSubdirectory("few-tools");
        foreach (var tool in (string[])["bash", "find", "readlink", "flock", "mkdir"])
        {
            var where = (await ProcessRun.Of("bash", ["-c", "command -v " + tool])).Output.Trim();
            File.CreateSymbolicLink(Path.Combine(tools.FullName, tool), where);
        }

        _environment["PATH"] = tools.FullName;
        _environment["DOTNET_ROOT"] = _environment["HOME"] = "/nonexistent";
        var run = await Launch();

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("meshpulse: the .NET SDK 10 is missing; install it", run.Error, StringComparison.Ordinal);
        Assert.Equal(run.Error.Length - 1, run.Error.IndexOf('\n'));
    }

    private static void Script(string path, string text)
    {
        File.WriteAllText(path, "#!/bin/bash\n" + text + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Task<ProcessRun> Launch() => ProcessRun.Of(Path.Combine(_checkout, "meshpulse"), ["host"], "/", _environment);
}
