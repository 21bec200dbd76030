using System.Net.Sockets;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Agent.Sounding;
using Meshpulse.Cli.Console;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Cli.Commands;

/// <summary>The probe command itself: resolves, sounds, shows how it goes on a terminal, and prints the summary.</summary>
internal sealed class ProbeRun(TextWriter output, TextWriter error)
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    /// <summary>0 where anything was answered, 1 where nothing was or no socket was to be had; 2 for a name or a key file that is of no use.</summary>
    public async Task<int> RunAsync(ProbeArguments arguments, CancellationToken stop)
    {
        try
        {
            var options = new SoundingOptions
            {
                Target = await ResolveAsync(arguments.Target, arguments.Family),
                Protocol = arguments.Protocol,
                Count = arguments.Count,
                Interval = arguments.Interval,
                Size = arguments.Size,
                Timeout = arguments.Timeout,
                Flows = arguments.Flows,
                Tlvs = arguments.Tlvs,
                Dscp = arguments.Dscp,
                Portable = arguments.Portable,
                // Only the kernel that this was written for can be asked about its clock.
                ErrorEstimate = arguments.Portable ? StampErrorEstimate.Unknown : KernelErrorEstimate.Read(out _),
                Keys = arguments.KeyFile is { } file ? ReadKeys(file) : null,
            };
            using var run = new SoundingRun(options);
            var isLive = !arguments.Json && !System.Console.IsOutputRedirected;
            var result = await FollowAsync(run, isLive, arguments.Portable ? () => TerminalSize.Usual : TerminalSize.Current, stop);
            await output.WriteAsync(arguments.Json ? ProbeJson.Format(result) : ProbeText.Format(result));
            return result.Counts.Answered + result.Counts.Late > 0 ? 0 : 1;
        }
        catch (Exception e) when (e is SocketSetupException or SocketException)
        {
            await error.WriteAsync($"{InvocationName.Default}: {ProbeCommand.Name}: {e.Message}\n");
            return 1;
        }
    }

    private async Task<SoundingResult> FollowAsync(SoundingRun run, bool isLive, Func<TerminalSize> size, CancellationToken stop)
    {
        var end = run.RunAsync(stop);
        while (isLive && await Task.WhenAny(end, Task.Delay(s_second, CancellationToken.None)) != end)
        {
            if (run.Latest is { } latest)
            {
                await output.WriteAsync(ProbeText.Progress(latest, size().Columns));
            }
        }

        var result = await end;
        if (isLive)
        {
            await output.WriteAsync(ProbeText.EraseLine);
        }

        return result;
    }

    private static StampKeyRing ReadKeys(string file)
    {
        try
        {
            return KeyFile.Read(file);
        }
        catch (KeyFileException e)
        {
            throw new UsageException($"--key-file {SingleLine.Of(e.Message)}", e);
        }
    }

    private static async Task<NodeEndpoint> ResolveAsync(HostPort target, AddressFamily? family)
    {
        try
        {
            return await AgentStart.ResolveAsync(UsageException.Echo(target.Host), target.Host, target.Port, family);
        }
        catch (StartException e)
        {
            throw new UsageException(e.Message, e);
        }
    }
}
