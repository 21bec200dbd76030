using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Cli.Commands;

/// <summary>The reflect command itself, from the keys to the signal that ends it and the summary behind it.</summary>
internal sealed class ReflectRun(string name, TextWriter error)
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs until <paramref name="stop"/>: 0 then; 2 where the key file is no good, 1 where it can't start or ended by itself.</summary>
    public async Task<int> RunAsync(ReflectArguments arguments, CancellationToken stop)
    {
        try
        {
            await RunAsync(arguments, await OptionsOfAsync(arguments), stop);
            return 0;
        }
        catch (KeyFileException e)
        {
            await error.WriteAsync($"{name}: --key-file {SingleLine.Of(e.Message)}\n");
            return CommandRunner.UsageExitCode;
        }
        catch (Exception e) when (e is StartException or MetricsStartException or StampReflectorStartException)
        {
            await error.WriteAsync($"{name}: {ReflectCommand.Name}: {e.Message}\n");
            return 1;
        }
    }

    private static async Task<StampReflectorOptions> OptionsOfAsync(ReflectArguments arguments)
    {
        var keys = arguments.KeyFile is { } file ? KeyFile.Read(file) : null;
        return new StampReflectorOptions
        {
            Listen = await PlacesOfAsync(arguments.Listen),
            Responder = new StampResponderOptions
            {
                Mode = keys is null ? StampMode.Unauthenticated : StampMode.Authenticated,
                Keys = keys,
                Stateless = arguments.Stateless,
                ProcessTlvs = arguments.ProcessTlvs,
                Allow = arguments.Allow,
            },
            Metrics = await AgentStart.MetricsOfAsync(arguments.Metrics),
            Version = CommandRunner.Version,
        };
    }

    private static async Task<IReadOnlyList<NodeEndpoint>> PlacesOfAsync(ReflectBind listen)
    {
        if (listen.Host is { } host)
        {
            return [await AgentStart.ResolveAsync($"--listen {host}", host, listen.Port)];
        }

        // A socket for each family: each then sees senders by their own addresses.
        var v4 = NodeEndpoint.From(IPAddress.Any, listen.Port);
        return Socket.OSSupportsIPv6 ? [v4, NodeEndpoint.From(IPAddress.IPv6Any, listen.Port)] : [v4];
    }

    private async Task RunAsync(ReflectArguments arguments, StampReflectorOptions options, CancellationToken stop)
    {
        using var output = System.Console.OpenStandardOutput();
        using var writer = new ConsoleWriter(output, lost => $"{lost.ToString(CultureInfo.InvariantCulture)} lines lost: the output was too slow\n");
        var service = await StampReflectorService.StartAsync(options, stop);
        await using (service)
        {
            var since = SystemClocks.Wall();
            var greeting = Greeting(arguments, service);
            if (arguments.Json)
            {
                // Standard output is for the one object.
                await error.WriteAsync(greeting);
            }
            else
            {
                writer.Write(greeting);
            }

            await Task.WhenAny(service.Ended, Task.Delay(Timeout.Infinite, stop));
            if (service.Ended.IsFaulted)
            {
                throw new StartException($"its thread ended: {service.Ended.Exception.InnerException}");
            }

            await service.DisposeAsync();
            var counts = service.Counts;
            writer.Write(arguments.Json
                ? ReflectSummary.Json(service.Endpoints, since, SystemClocks.Wall(), counts)
                : ReflectSummary.Text(counts));
        }

        writer.Stop(s_lastWords);
    }

    private static string Greeting(ReflectArguments arguments, StampReflectorService service)
    {
        var mode = arguments.KeyFile is null ? "" : ", authenticated";
        var state = arguments.Stateless ? ", stateless" : "";
        var tlvs = arguments.ProcessTlvs ? "" : ", without TLVs";
        var metrics = AgentStart.MetricsUrlOf(service.MetricsEndPoint) is { } url ? $", metrics at {url}" : "";
        return $"{InvocationName.Default} {CommandRunner.Version} reflects STAMP at {string.Join(" and ", service.Endpoints)}{mode}{state}{tlvs}{metrics}\n";
    }
}
