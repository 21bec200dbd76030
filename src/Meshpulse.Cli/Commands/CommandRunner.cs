using System.CommandLine;
using System.Reflection;

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
                [DemoName, ..] => await RunDemoAsync([.. arguments.Skip(1)], stop),
                [ConfigCommand.Name, ..] => await new ConfigCommand(Output, Error).RunAsync([.. arguments.Skip(1)]),
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
            await Output.WriteAsync($"{name} {Version}\n");
            return 0;
        }

        return await Mesh(command.Read(), stop);
    }

    private async Task<int> RunDemoAsync(IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var help = new Option<bool>("--help", "-h") { Arity = ArgumentArity.Zero };
        var tokens = CanonicalTokens.Of(new Command(DemoName) { help }, arguments, $"{InvocationName.Default} {DemoName}").Tokens;
        if (tokens is [.., "--", var operand])
        {
            throw new UsageException($"{DemoName} {UsageException.Echo(operand)}: {DemoName} takes no arguments");
        }

        if (tokens.Count > 1)
        {
            await Output.WriteAsync(HelpText.Demo());
            return 0;
        }

        return await Demo(stop);
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
