using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Meshpulse.Lab.Networks;

namespace Meshpulse.Lab.Processes;

/// <summary>The real program, running. Disposing of it, or the end of the tests however it comes, kills it.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    // As the launcher sets them; see ./meshpulse.
    private static readonly Dictionary<string, string?> s_environment = new()
    {
        ["DOTNET_GCgen0size"] = "0x400000",
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")),
        ["NO_COLOR"] = null,
        ["CLICOLOR_FORCE"] = null,
    };

    private readonly Process _process;

    private NodeProcess(Process process)
    {
        _process = process;
        Pid = process.Id;
        process.StandardInput.Close();
        Output = new OutputLog(process.StandardOutput);
        Error = new OutputLog(process.StandardError);
    }

    /// <summary>The program's file: the one that was built with the tests.</summary>
    public static string ProgramFile { get; } = Path.Combine(AppContext.BaseDirectory, "meshpulse");

    /// <summary>Its number; of no use once it ended.</summary>
    public int Pid { get; }

    /// <summary>Its standard output.</summary>
    public OutputLog Output { get; }

    /// <summary>Its standard error.</summary>
    public OutputLog Error { get; }

    /// <summary>True once it ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts the program.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="network">The network namespace that it is to live in; null for ours.</param>
    /// <param name="program">The file to start: a link to it, or a shell with a script before it; null for the program itself.</param>
    public static async Task<NodeProcess> StartAsync(IEnumerable<string> arguments, NetworkNamespace? network = null, params IReadOnlyList<string> program)
    {
        IReadOnlyList<string> enter = network is null ? [] : network.Enter;
        IReadOnlyList<string> start = program.Count == 0 ? [ProgramFile] : program;
        return new NodeProcess(await Nursery.StartAsync([.. enter, .. start, .. arguments], s_environment));
    }

    /// <summary>Runs the program to its end: for command lines that can't start.</summary>
    public static async Task<(int Exit, string Output, string Error)> RunAsync(params IEnumerable<string> arguments)
    {
        await using var node = await StartAsync(arguments);
        var exit = await node.ExitAsync();
        return (exit, node.Output.Text, node.Error.Text);
    }

    /// <summary>Sends a signal.</summary>
    public void Send(Signal signal) => Native.Send(Pid, signal);

    /// <summary>Sends a signal; false where the process has ended.</summary>
    public bool TrySend(Signal signal)
    {
        try
        {
            if (!HasExited)
            {
                Send(signal);
                return true;
            }
        }
        catch (Win32Exception)
        {
            // It ended between the two.
        }

        return false;
    }

    /// <summary>Stops it for a while and lets it go on.</summary>
    public async Task FreezeAsync(TimeSpan length)
    {
        Send(Signal.Stop);
        await Task.Delay(length);
        Send(Signal.Continue);
    }

    /// <summary>Waits for its end and for all that it wrote; gives the exit code, 128 and the signal's number where one killed it.</summary>
    public async Task<int> ExitAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Until.Hang);
            await Task.WhenAll(Output.Ended, Error.Ended).WaitAsync(Until.Hang);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"the program did not end:\n{Output.Text}{Error.Text}");
        }

        return _process.ExitCode;
    }

    /// <summary>Waits until it has written a line that fits.</summary>
    public Task LineAsync(Predicate<string> fits, string what) => Until.HoldsAsync(
        () => Output.Lines.Any(line => fits(line)),
        () => $"no line with {what} in:\n{Output.Text}{Error.Text}");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended by itself.
        }

        await _process.WaitForExitAsync().WaitAsync(Until.Hang);
        _process.Dispose();
    }
}
