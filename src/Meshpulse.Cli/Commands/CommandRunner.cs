using System.Reflection;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Cli.Commands;

/// <summary>From the words of the command line to the command that they ask for, and its exit code.</summary>
public sealed class CommandRunner
{
    /// <summary>The exit code of a wrong command line.</summary>
    public const int UsageExitCode = 2;

    private const string DemoName = "demo";

    /// <summary>By which name the program was called (see <see cref="InvocationName"/>).</summary>
    public required string InvokedAs { get; init; }

    /// <summary>Where help and version go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where the one line about a wrong command line goes.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The mesh command; gives the exit code.</summary>
    public required Func<MeshArguments, CancellationToken, Task<int>> Mesh { get; init; }

    /// <summary>The check command; gives the exit code.</summary>
    public required Func<CheckArguments, CancellationToken, Task<int>> Check { get; init; }

    /// <summary>The reflect command; gives the exit code.</summary>
    public required Func<ReflectArguments, CancellationToken, Task<int>> Reflect { get; init; }

    /// <summary>The probe command; gives the exit code.</summary>
    public required Func<ProbeArguments, CancellationToken, Task<int>> Probe { get; init; }

    /// <summary>The trace command; gives the exit code.</summary>
    public required Func<TraceArguments, CancellationToken, Task<int>> Trace { get; init; }

    /// <summary>The diagnose command; gives the exit code.</summary>
    public required Func<DiagnoseArguments, CancellationToken, Task<int>> Diagnose { get; init; }

    /// <summary>The demonstration; gives the exit code.</summary>
    public required Func<CancellationToken, Task<int>> Demo { get; init; }

    /// <summary>The program's version, such as <c>0.1.0</c>, without the source revision.</summary>
    public static string Version { get; } =
        (typeof(CommandRunner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+')[0];

    /// <summary>Runs what the arguments ask for. A wrong command line gives one line on <see cref="Error"/> and exit code 2.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var name = InvocationName.Shown(InvokedAs);
        try
        {
            return arguments switch
            {
                _ when name == InvocationName.MeshMonitor => await RunMeshAsync(arguments, name, stop),
                _ when name == InvocationName.MehshCheck => await RunCheckAsync(arguments, name, stop),
                [DemoName, ..] => await RunDemoAsync([.. arguments.Skip(1)], stop),
                [HistoryCommand.Name, ..] => await RunHistoryAsync([.. arguments.Skip(1)], stop),
                [DiagnoseCommand.Name, ..] => await RunDiagnoseAsync([.. arguments.Skip(1)], stop),
                [ProbeCommand.Name, ..] => await RunProbeAsync([.. arguments.Skip(1)], stop),
                [TraceCommand.Name, ..] => await RunTraceAsync([.. arguments.Skip(1)], stop),
                [CheckCommand.Name, ..] => await RunCheckAsync([.. arguments.Skip(1)], name, stop),
                [ConfigCommand.Name, ..] => await new ConfigCommand(Output, Error).RunAsync([.. arguments.Skip(1)]),
                [ReflectCommand.Name, ..] => await RunReflectAsync([.. arguments.Skip(1)], stop),
                [SimCommand.Name, ..] => await RunSimAsync([.. arguments.Skip(1)], stop),
                [MaintenanceCommand.Name, ..] => await RunMaintenanceAsync([.. arguments.Skip(1)]),
                _ => await RunMeshAsync(arguments, name, stop),
            };
        }
        catch (UsageException e)
        {
            await Error.WriteAsync($"{name}: {e.Message}\n");
            return UsageExitCode;
        }
    }

    private async Task<int> RunMeshAsync(IReadOnlyList<string> arguments, string name, CancellationToken stop)
    {
        var command = new MeshCommand(arguments, name);
        if (command.WantsHelp)
        {
            await Output.WriteAsync(HelpText.Mesh(name));
            return 0;
        }

        if (command.WantsVersion)
        {
            return await WriteVersionAsync(name);
        }

        return await Mesh(command.Read(), stop);
    }

    private async Task<int> RunCheckAsync(IReadOnlyList<string> arguments, string name, CancellationToken stop)
    {
        var command = new CheckCommand(arguments, name);
        if (command.WantsHelp)
        {
            await Output.WriteAsync(HelpText.Check(name));
            return 0;
        }

        if (command.WantsVersion)
        {
            return await WriteVersionAsync(name);
        }

        return await Check(command.Read(), stop);
    }

    private async Task<int> WriteVersionAsync(string name)
    {
        await Output.WriteAsync($"{name} {Version}\n");
        return 0;
    }

    private async Task<int> RunDemoAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var help = CommandOption.Flag("--help", "-h");
        var line = ParsedLine.Of([help], arguments, $"{InvocationName.Default} {DemoName}");
        if (line.Operands is [var operand, ..])
        {
            throw new UsageException($"{DemoName} {UsageException.Echo(operand)}: {DemoName} takes no arguments");
        }

        if (line.Has(help))
        {
            await Output.WriteAsync(HelpText.Demo());
            return 0;
        }

        return await Demo(stop);
    }

    private async Task<int> RunReflectAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var command = new ReflectCommand(arguments);
        if (command.WantsHelp)
        {
            await Output.WriteAsync(HelpText.Reflect());
            return 0;
        }

        return await Reflect(command.Read(), stop);
    }

    private async Task<int> RunDiagnoseAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var command = new DiagnoseCommand(arguments);
        if (command.WantsHelp)
        {
            await Output.WriteAsync(HelpText.Diagnose());
            return 0;
        }

        return await Diagnose(command.Read(), stop);
    }

    private async Task<int> RunHistoryAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var command = new HistoryCommand(arguments);
        if (command.WantsHelp)
        {
            await Output.WriteAsync(HelpText.History());
            return 0;
        }

        return await new HistoryRun(Output, Error).RunAsync(command.Read(SystemClocks.Wall()), stop);
    }

    private async Task<int> RunProbeAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var command = new ProbeCommand(arguments);
        if (command.WantsHelp)
        {
            await Output.WriteAsync(HelpText.Probe());
            return 0;
        }

        return await Probe(command.Read(), stop);
    }

    private async Task<int> RunTraceAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var command = new TraceCommand(arguments);
        if (command.WantsHelp)
        {
            await Output.WriteAsync(HelpText.Trace());
            return 0;
        }

        return await Trace(command.Read(), stop);
    }

    private async Task<int> RunSimAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var command = new SimCommand(arguments);
        if (command.WantsHelp)
        {
            await Output.WriteAsync(HelpText.Sim());
            return 0;
        }

        return await new SimRun(Output, Error).RunAsync(command.Read(), stop);
    }

    private async Task<int> RunMaintenanceAsync(IReadOnlyList<string> arguments)
    {
        var command = new MaintenanceCommand(arguments);
        if (command.WantsHelp)
        {
            await Output.WriteAsync(HelpText.Maintenance());
            return 0;
        }

        return await new MaintenanceRun(Output, Error).RunAsync(command.Read());
    }
}
