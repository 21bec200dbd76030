using System.Net;
using System.Net.Sockets;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Config;

namespace Meshpulse.Cli.Commands;

/// <summary>The check command itself, from the reading of the file on.</summary>
internal sealed class CheckRun(string name, TextWriter error)
{
    /// <summary>Runs until <paramref name="stop"/>: 0 then; 2 where the file has mistakes, 1 where the checks can't start or end by themselves.</summary>
    public async Task<int> RunAsync(CheckArguments arguments, CancellationToken stop)
    {
        var content = ConfigFile.Read(arguments.File, out var problem);
        if (content is null)
        {
            await error.WriteAsync($"{name}: {UsageException.Echo(arguments.File)}: {problem}\n");
            return CommandRunner.UsageExitCode;
        }

        var shown = SingleLine.Of(arguments.File);
        var result = LandscapeReader.Read(content, shown, arguments.Name ?? OwnName(LandscapeReader.Read(content, shown).Value, HostName()));
        await error.WriteAsync(ConfigMessages.Lines(result));
        if (result.Value is null)
        {
            return CommandRunner.UsageExitCode;
        }

        await error.WriteAsync($"{name}: not joined with the engine yet\n");
        return 1;
    }

    /// <summary>This host's name as the file has it: some are called by their full name, some by its first part (hostname(1)).</summary>
    internal static string OwnName(Landscape? servers, string hostName)
    {
        var first = hostName.Split('.')[0];
        return servers is not null && !servers.TryGetServer(hostName, out _) && servers.TryGetServer(first, out _) ? first : hostName;
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
}
