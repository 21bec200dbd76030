using Meshpulse.Agent.Tracing;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Commands;

/// <summary>The trace command itself: resolves, traces, shows how it goes on a terminal, and prints the path.</summary>
internal sealed class TraceRun(TextWriter output, TextWriter error)
{
    private const long UsualRounds = 10;

    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_namesPatience = TimeSpan.FromSeconds(1);

    /// <summary>0 where anybody answered, 1 where nobody did or the sockets were not to be had; 2 for a name that is of no use.</summary>
    public async Task<int> RunAsync(TraceArguments arguments, CancellationToken stop)
    {
        try
        {
            var isTerminal = !System.Console.IsOutputRedirected;
            var isLive = !arguments.Json && isTerminal && Environment.GetEnvironmentVariable("TERM") != "dumb";
            using var run = new TracingRun(await OptionsOfAsync(arguments, isLive ? null : UsualRounds));
            using var names = arguments.IsNumeric ? null : new HostNames();
            var view = new TraceView(names is null ? _ => null : names.Find, ColourPolicy.IsOn(isTerminal, Environment.GetEnvironmentVariable));
            var result = await FollowAsync(run, isLive, view, stop);
            if (names is not null)
            {
                // Asked for here for the first time where nothing was shown before.
                _ = view.Format(result);
                await names.SettleAsync(s_namesPatience);
            }

            await output.WriteAsync(arguments.Json ? TraceJson.Format(result, names is null ? _ => null : names.Find) : view.Format(result));
            return result.Report.IsAnswered ? 0 : 1;
        }
        catch (Exception e) when (e is SocketSetupException or TracingException)
        {
            await error.WriteAsync($"{InvocationName.Default}: {TraceCommand.Name}: {e.Message}\n");
            return 1;
        }
    }

    private async Task<TracingResult> FollowAsync(TracingRun run, bool isLive, TraceView view, CancellationToken stop)
    {
        var end = run.RunAsync(stop);
        var drawn = 0;
        while (isLive && await Task.WhenAny(end, Task.Delay(s_frame, CancellationToken.None)) != end)
        {
            if (run.Latest is { } latest)
            {
                await output.WriteAsync(view.Frame(latest, TerminalSize.Current(), ref drawn));
            }
        }

        var result = await end;
        if (drawn > 0)
        {
            await output.WriteAsync(TraceView.Erase(drawn));
        }

        return result;
    }

    private static async Task<TracingOptions> OptionsOfAsync(TraceArguments arguments, long? usualRounds) => new()
    {
        Target = await ResolveAsync(arguments),
        Protocol = arguments.Protocol,
        SourcePorts = arguments.SourcePorts,
        Trace = new TraceOptions
        {
            Flows = arguments.Flows,
            Rounds = arguments.Rounds ?? usualRounds,
            Interval = arguments.Interval,
            Timeout = arguments.Timeout,
            MaxHops = arguments.MaxHops,
        },
    };

    private static async Task<NodeEndpoint> ResolveAsync(TraceArguments arguments)
    {
        try
        {
            return await AgentStart.ResolveAsync(UsageException.Echo(arguments.Host), arguments.Host, arguments.Port, arguments.Family);
        }
        catch (StartException e)
        {
            throw new UsageException(e.Message, e);
        }
    }
}
