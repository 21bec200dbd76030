using System.Diagnostics;

namespace Meshpulse.Cli.Tests.Commands;

/// <summary>A program run to its end, with what it wrote.</summary>
internal sealed record ProcessRun(int ExitCode, string Output, string Error, int Id = 0)
{
    // Long enough for a build on a busy machine; a run that takes longer hangs.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>The program as it was built along with these tests.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "meshpulse");

    /// <summary>The checkout that these tests were built from.</summary>
    public static string Checkout
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Meshpulse.slnx")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new InvalidOperationException("No Meshpulse.slnx above " + AppContext.BaseDirectory);
        }
    }

    /// <summary>True where exit code and texts are these.</summary>
    public void Is(int exitCode, string output, string error) => Assert.Equal((exitCode, output, error), (ExitCode, Output, Error));

    /// <summary>Runs a program without input.</summary>
    /// <param name="environment">Variables to set; null: to unset.</param>
    public static async Task<ProcessRun> Of(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "/",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', start.ArgumentList)} did not end", e);
        }

        return new ProcessRun(process.ExitCode, await output, await error, process.Id);
    }
}
