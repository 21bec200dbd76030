using Meshpulse.Agent.Analysis;

namespace Meshpulse.Agent.Tests.Analysis;

public sealed class OwnProgramTests
{
    private static readonly string s_folder = AppContext.BaseDirectory.TrimEnd('/');

    [Theory]
    [InlineData("/bin:/usr/bin", "/bin:/usr/bin")]
    [InlineData("", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")]
    [InlineData(null, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")]
    public void The_programs_folder_comes_last(string? path, string before) =>
        Assert.Equal($"{before}:{s_folder}", Variables(("PATH", path))["PATH"]);

    [Fact]
    public void What_is_there_stays()
    {
        var variables = Variables(("PATH", $"/bin:{s_folder}:/usr/bin"), ("DOTNET_ROOT", "/opt/dotnet"));
        Assert.Equal($"/bin:{s_folder}:/usr/bin", variables["PATH"]);
        Assert.False(variables.ContainsKey("DOTNET_ROOT"));
        Assert.Equal("10.0.0.1", variables["from_ip"]);
    }

    [Fact]
    public void The_runtime_is_where_this_program_found_it() =>
        Assert.True(Directory.Exists(Path.Combine(Variables()["DOTNET_ROOT"], "shared", "Microsoft.NETCore.App")));

    [Fact]
    public async Task A_command_finds_what_lies_beside_this_program()
    {
        var name = $"own-{Guid.NewGuid():N}";
        var file = Path.Combine(AppContext.BaseDirectory, name);
        await File.WriteAllTextAsync(file, "#!/bin/sh\necho found \"$1\"\n");
        using (var chmod = System.Diagnostics.Process.Start("chmod", ["700", file]))
        {
            await chmod.WaitForExitAsync();
        }

        try
        {
            var (lines, _) = await RunnerFixture.RunAsync($"{name} it; ls -d \"$DOTNET_ROOT/shared\"");
            Assert.Contains(lines, l => l.EndsWith("output: found it", StringComparison.Ordinal));
            Assert.Contains(lines, l => l.EndsWith("/shared", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IReadOnlyDictionary<string, string> Variables(params (string Name, string? Value)[] environment) =>
        OwnProgram.AddTo(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["from_ip"] = "10.0.0.1" },
            name => environment.FirstOrDefault(v => v.Name == name).Value);
}
