using System.Diagnostics;

namespace Meshpulse.Bench.Whole;

/// <summary>A program that the bench started, mostly bound to one processor.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;
    private bool _isDisposed;

    public Child(int processor, string program, params string[] arguments)
        : this("taskset", ["-c", $"{processor}", program, .. arguments])
    {
    }

    private Child(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        // Read and forgotten, so that no pipe fills.
        _process.ErrorDataReceived += (_, line) => Complain(line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>The same for taskset and what it became.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public StreamReader Output => _process.StandardOutput;

    public StreamWriter Input => _process.StandardInput;

    /// <summary>Wherever the scheduler puts it.</summary>
    public static Child Unbound(string program, params string[] arguments) => new(program, arguments);

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>The output of a program that ends by itself.</summary>
    public async Task<string> FinishAsync()
    {
        var output = await Output.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return output;
    }

    /// <summary>The same, with an end put to it.</summary>
    /// <param name="within">How long it may take; then it is killed.</param>
    /// <returns>Its output; null where it had not ended by then.</returns>
    public async Task<string?> FinishAsync(TimeSpan within)
    {
        try
        {
            return await FinishAsync().WaitAsync(within);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            return null;
        }
    }

    /// <summary>SIGTERM, and the end of its output.</summary>
    public async Task<string> EndAsync()
    {
        Signal("TERM");
        var rest = await Output.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return rest;
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static void Complain(string? line)
    {
        if (!string.IsNullOrWhiteSpace(line))
        {
            Console.Error.WriteLine(line);
        }
    }
}
