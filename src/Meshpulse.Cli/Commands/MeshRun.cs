using Meshpulse.Agent.Export;
using Meshpulse.Agent.Hosting;
using Meshpulse.Cli.Console;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Commands;

/// <summary>The mesh command itself: an agent with its console, from start to the signal that ends it.</summary>
internal sealed class MeshRun(string name, TextWriter error)
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs until <paramref name="stop"/>; 0 then, 1 where it could not start or ended by itself.</summary>
    public async Task<int> RunAsync(MeshArguments arguments, CancellationToken stop)
    {
        try
        {
            await RunAsync(arguments, await AgentStart.IdentityOfAsync(arguments.Bind), await AgentStart.MetricsOfAsync(arguments.Metrics), stop);
            return 0;
        }
        catch (SocketSetupException e)
        {
            await error.WriteAsync($"{name}: -b {arguments.Bind}: {AgentStart.Explain(e)}\n");
            return 1;
        }
        catch (Exception e) when (e is StartException or MetricsStartException)
        {
            await error.WriteAsync($"{name}: {e.Message}\n");
            return 1;
        }
    }

    private async Task RunAsync(MeshArguments arguments, NodeEndpoint self, MetricsListenSpec? metrics, CancellationToken stop)
    {
        using var output = System.Console.OpenStandardOutput();
        using var writer = new ConsoleWriter(output, lost => EventLine.Format(TimeOnly.FromDateTime(DateTime.Now), "", $"{lost} lines lost: the output was too slow"));
        var colour = ColourPolicy.IsOn(!System.Console.IsOutputRedirected, Environment.GetEnvironmentVariable);
        var console = new AgentConsole(arguments, self, writer, colour);
        await using (var agent = await ProbeAgent.StartAsync(AgentStart.OptionsOf(arguments, self, console) with { Metrics = metrics }, stop))
        {
            Greet(console, agent, self, arguments);
            await AgentStart.WaitAsync(agent, stop);
        }

        writer.Stop(s_lastWords);
    }

    private void Greet(AgentConsole console, ProbeAgent agent, NodeEndpoint self, MeshArguments arguments)
    {
        var now = SystemClocks.Wall();
        if (AgentStart.MetricsUrlOf(agent) is { } url)
        {
            console.Say(now, "", $"Prometheus endpoint available at {url}");
        }

        console.Say(now, "", $"Starting {name}. Binding to address {self}");
        if (agent.HistoryFile is { } history)
        {
            console.Say(now, "", $"History in {history}");
        }

        if (arguments.Debug)
        {
            console.Say(now, "", agent.StampSummary);
        }

        if (arguments.Debug || agent.HasTuningRefusals)
        {
            console.Say(now, "", agent.TuningSummary);
        }

        if (self.IsLoopback && arguments.Servers.Any(s => s.ToEndpoint() is { IsLoopback: false }))
        {
            console.Say(now, "", $"{self.AddressText} is this host alone: nodes on other hosts can't reach it. Give this host's address with -b");
        }
    }
}
