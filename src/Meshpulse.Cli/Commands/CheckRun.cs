using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Meshpulse.Agent.Configuration;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Hosting;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Config;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Commands;

/// <summary>The check command itself, from the reading of the file to the signal that ends it.</summary>
internal sealed class CheckRun(string name, TextWriter error)
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs until <paramref name="stop"/>: 0 then; 2 where the file has mistakes, 1 where the checks can't start or end by themselves.</summary>
    public async Task<int> RunAsync(CheckArguments arguments, CancellationToken stop)
    {
        if (arguments.Output == CheckOutput.Watch && System.Console.IsOutputRedirected)
        {
            throw new UsageException("--watch: standard output is no terminal; leave it out, or use --json");
        }

        if (arguments.Portable && !OperatingSystem.IsLinux())
        {
            throw new UsageException("--portable: changes the sockets of STAMP checks, and all else of check needs Linux; elsewhere use probe --portable");
        }

        var source = new LandscapeSource(arguments.File, arguments.Name ?? OwnName(arguments.File));
        var first = source.Load();
        // A mistake in the file says where it stands; a file that can't be read is the program's to tell.
        var start = first.ContentHash.Length == 0 ? $"{name}: " : "";
        await error.WriteAsync(string.Concat(first.Errors.Concat(first.Warnings).Select(line => $"{start}{line}\n")));
        if (first.Value is null)
        {
            return CommandRunner.UsageExitCode;
        }

        try
        {
            await RunAsync(arguments, source, first, stop);
            return 0;
        }
        catch (SocketSetupException e)
        {
            await error.WriteAsync($"{name}: --mesh at {e.Subject}: {AgentStart.Explain(e)}\n");
            return 1;
        }
        catch (Exception e) when (e is StartException or MetricsStartException or ReflectorStartException)
        {
            await error.WriteAsync($"{name}: {e.Message}\n");
            return 1;
        }
    }

    /// <summary>This host's name as the file has it: some are called by their full name, some by its first part (hostname(1)).</summary>
    internal static string OwnName(Landscape? servers, string hostName)
    {
        var first = hostName.Split('.')[0];
        return servers is not null && !servers.TryGetServer(hostName, out _) && servers.TryGetServer(first, out _) ? first : hostName;
    }

    private static string OwnName(string file)
    {
        var hostName = HostName();
        return hostName.Contains('.') && ConfigFile.Read(file, out _) is { } content
            ? OwnName(LandscapeReader.Read(content, file).Value, hostName)
            : hostName;
    }

    private static string HostName()
    {
        try
        {
            return Dns.GetHostName();
        }
        catch (SocketException)
        {
            return Environment.MachineName;
        }
    }

    private static async Task RunAsync(CheckArguments arguments, LandscapeSource source, LandscapeLoad first, CancellationToken stop)
    {
        using var output = System.Console.OpenStandardOutput();
        using var writer = new ConsoleWriter(output, CheckConsole.DropNotice(arguments.Output, SystemClocks.Wall), CheckConsole.CapacityFor(arguments.Output));
        var colour = ColourPolicy.IsOn(!System.Console.IsOutputRedirected, Environment.GetEnvironmentVariable);
        using (var console = new CheckConsole(arguments.Output, arguments.Quiet, arguments.Debug, writer, colour, TerminalSize.Current))
        {
            var options = await OptionsOfAsync(arguments, first.Value!, source.ServerName, console, writer, colour);
            var agent = await StartAsync(options with { Checks = new CheckSetup(source, first, console), PortablePaths = arguments.Portable }, arguments, console, stop);
            await using (agent)
            {
                Greet(console, agent, source, arguments, options.Mesh?.Self);
                using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
                {
                    context.Cancel = true;
                    _ = ReloadAsync(agent);
                });
                await AgentStart.WaitAsync(agent, stop);
            }
        }

        writer.Stop(s_lastWords);
    }

    /// <summary>The default port of the metrics may belong to a mesh command on the same host; that is no reason not to check.</summary>
    private static async Task<ProbeAgent> StartAsync(AgentOptions options, CheckArguments arguments, CheckConsole console, CancellationToken stop)
    {
        var metrics = await AgentStart.MetricsOfAsync(arguments.Metrics);
        try
        {
            return await ProbeAgent.StartAsync(options with { Metrics = metrics }, stop);
        }
        catch (MetricsStartException e) when (!arguments.MetricsGiven)
        {
            console.OnNote(new CheckNote(SystemClocks.Wall(), $"no metrics: {e.Message}"));
            return await ProbeAgent.StartAsync(options, stop);
        }
    }

    private static async Task<AgentOptions> OptionsOfAsync(
        CheckArguments arguments, Landscape landscape, string serverName, CheckConsole console, ConsoleWriter writer, bool colour)
    {
        if (arguments.Mesh is not { } mesh)
        {
            return new AgentOptions
            {
                Realtime = arguments.Realtime,
                Stamp = arguments.Stamp,
                FullMetrics = arguments.FullMetrics,
                History = HistoryOf(arguments, landscape, serverName),
                Version = CommandRunner.Version,
            };
        }

        var self = await AgentStart.IdentityOfAsync(arguments.MeshBindGiven ? mesh.Bind : BindOf(landscape, serverName, mesh.Bind));
        IAgentListener listener = arguments.Output == CheckOutput.Lines ? new AgentConsole(mesh, self, writer, colour) : new MeshNotes(console);
        return AgentStart.OptionsOf(mesh, self, listener) with { History = HistoryOf(arguments, landscape, NodeNames.Of(self)) };
    }

    /// <summary>The command line comes before the file.</summary>
    internal static HistoryOptions? HistoryOf(CheckArguments arguments, Landscape landscape, string node) => AgentStart.HistoryOf(
        arguments.History ?? landscape.Settings.History, arguments.NoHistory, arguments.HistorySize ?? landscape.Settings.HistorySize, node);

    /// <summary>The server's own address, unless told otherwise: it is where the others reach this host.</summary>
    private static HostPort BindOf(Landscape landscape, string serverName, HostPort fallback) =>
        landscape.TryGetServer(serverName, out var server)
            ? new HostPort(server.Address.Host, HostPort.DefaultPort, server.Address.Literal is not null)
            : fallback;

    private static async Task ReloadAsync(ProbeAgent agent)
    {
        try
        {
            await agent.ReloadAsync("SIGHUP");
        }
        catch (ObjectDisposedException)
        {
            // It stops.
        }
    }

    private static void Greet(CheckConsole console, ProbeAgent agent, LandscapeSource source, CheckArguments arguments, NodeEndpoint? mesh)
    {
        var node = mesh is { } self ? $", mesh node {self}" : "";
        var stamp = agent.StampEndpoints is { Count: > 0 } places ? $", STAMP at {string.Join(" and ", places)}" : "";
        var portable = arguments.Portable ? ", STAMP checks by the runtime's sockets" : "";
        var metrics = AgentStart.MetricsUrlOf(agent) is { } url ? $", metrics at {url}" : "";
        var history = agent.HistoryFile is { } kept ? $", history in {kept}" : "";
        console.OnNote(new CheckNote(
            SystemClocks.Wall(),
            $"{InvocationName.Default} {CommandRunner.Version} checks {source.ShownPath} as {source.ServerName}: {agent.ProbeSummary}, reflector at {agent.ReflectorEndpoint}{stamp}{portable}{node}{metrics}{history}"));
        console.OnNote(new CheckNote(SystemClocks.Wall(), agent.StampSummary, IsDetail: true));
        console.OnNote(new CheckNote(SystemClocks.Wall(), agent.TuningSummary, IsDetail: !agent.HasTuningRefusals));
    }
}
