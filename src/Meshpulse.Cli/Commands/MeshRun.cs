using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Hosting;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Commands;

/// <summary>The mesh command itself: an agent with its console, from start to the signal that ends it.</summary>
internal sealed class MeshRun(string name, TextWriter error)
{
    private static readonly TimeSpan s_resolvePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_lastWords = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs until <paramref name="stop"/>; 0 then, 1 where it could not start or ended by itself.</summary>
    public async Task<int> RunAsync(MeshArguments arguments, CancellationToken stop)
    {
        try
        {
            var self = await ResolveAsync("-b", arguments.Bind.Host, arguments.Bind.Port);
            var metrics = arguments.Metrics is { } bind
                ? new MetricsListenSpec(bind.Host is { } host ? (await ResolveAsync("-m", host, bind.Port)).ToIPAddress() : null, bind.Port)
                : null;
            if (!Admits(self))
            {
                throw new StartException($"-b {arguments.Bind}: resolves to {self.AddressText}, at which other nodes can't reach this one; give an address of this host");
            }

            await RunAsync(arguments, self, metrics, stop);
            return 0;
        }
        catch (SocketSetupException e)
        {
            await error.WriteAsync($"{name}: -b {arguments.Bind}: {Explain(e)}\n");
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
        var options = OptionsOf(arguments, self, metrics);
        await using (var agent = await MeshAgent.StartAsync(options, console, stop))
        {
            Greet(console, agent, self, arguments);
            await Task.WhenAny(agent.Ended, Task.Delay(Timeout.Infinite, stop));
            if (agent.Ended.IsFaulted)
            {
                throw new StartException($"the probing thread ended: {agent.Ended.Exception.InnerException}");
            }
        }

        writer.Stop(s_lastWords);
    }

    private void Greet(AgentConsole console, MeshAgent agent, NodeEndpoint self, MeshArguments arguments)
    {
        var now = SystemClocks.Wall();
        if (agent.MetricsEndPoint is { } endPoint)
        {
            var shown = endPoint.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Any, endPoint.Port) : endPoint;
            console.Say(now, "", $"Prometheus endpoint available at http://{shown}/metrics");
        }

        console.Say(now, "", $"Starting {name}. Binding to address {self}");
        if (self.IsLoopback && arguments.Servers.Any(s => s.ToEndpoint() is { IsLoopback: false }))
        {
            console.Say(now, "", $"{self.AddressText} is this host alone: nodes on other hosts can't reach it. Give this host's address with -b");
        }
    }

    private static AgentOptions OptionsOf(MeshArguments arguments, NodeEndpoint self, MetricsListenSpec? metrics) => new()
    {
        Mesh = new MeshOptions
        {
            Self = self,
            PingInterval = arguments.Ping,
            ReportInterval = arguments.Interval,
            GapThreshold = arguments.Threshold,
            SilenceLimit = arguments.Silence,
            Allow = arguments.Allow,
            MaxPeers = arguments.MaxPeers,
        },
        Servers = [.. arguments.Servers.Select(s => s.ToEndpoint() is { } address ? ((string?)null, address) : (s.Host, default(NodeEndpoint).WithPort(s.Port)))],
        Metrics = metrics,
        SeriesRetention = arguments.Retention,
        Realtime = arguments.Realtime,
        Version = CommandRunner.Version,
    };

    private static string Explain(SocketSetupException e) => e.Error switch
    {
        Errno.EADDRINUSE => "address already in use; does a node run here already? Give it another port, as in -b ADDRESS:12232",
        Errno.EADDRNOTAVAIL => "not an address of this host; see ip address",
        Errno.EACCES => "not permitted; ports below 1024 need CAP_NET_BIND_SERVICE",
        _ => e.Message,
    };

    private static bool Admits(NodeEndpoint self) => self is { IsUnspecified: false, IsMulticast: false, IsLinkLocalV6: false };

    private static async Task<NodeEndpoint> ResolveAsync(string option, string host, int port)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return NodeEndpoint.From(literal, port);
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host).WaitAsync(s_resolvePatience);
            // IPv4 first: it is what the original binds to for the same name.
            return NodeEndpoint.From(addresses.OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First(), port);
        }
        catch (Exception e) when (e is SocketException or TimeoutException or InvalidOperationException)
        {
            throw new StartException($"{option} {host}: the name can't be resolved ({(e is SocketException ? e.Message : "no answer in 5 s")}); give an address instead");
        }
    }
}
