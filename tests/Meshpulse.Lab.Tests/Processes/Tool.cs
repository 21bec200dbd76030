namespace Meshpulse.Lab.Processes;

/// <summary>Runs the system's own tools (ip, nft, promtool) to their end.</summary>
internal static class Tool
{
    /// <summary>Where a tool is, or null.</summary>
    public static string? Find(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Skips the test where the tool is missing.</summary>
    public static string Require(string name, string package)
    {
        var path = Find(name);
        Assert.SkipWhen(path is null, $"{name} is not installed: apt-get install {package}");
        return path!;
    }

    /// <summary>Runs a command with an input; gives its exit code and what it wrote to both streams.</summary>
    public static async Task<(int Exit, string Output)> RunAsync(IReadOnlyList<string> command, string input = "")
    {
        using var process = await Nursery.StartAsync(command);
        var (output, error) = (new OutputLog(process.StandardOutput), new OutputLog(process.StandardError));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Until.Hang);
        await Task.WhenAll(output.Ended, error.Ended).WaitAsync(Until.Hang);
        return (process.ExitCode, output.Text + error.Text);
    }

    /// <summary>Runs a command that must succeed.</summary>
    public static async Task MustAsync(IReadOnlyList<string> command, string input = "")
    {
        var (exit, output) = await RunAsync(command, input);
        Assert.True(exit == 0, $"{string.Join(' ', command)} ended with {exit}: {output}{input}");
    }
}
