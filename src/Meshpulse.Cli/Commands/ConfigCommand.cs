using System.CommandLine;
using Meshpulse.Agent.Configuration;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Config;

namespace Meshpulse.Cli.Commands;

/// <summary><c>config check FILE</c>: says all that is wrong with a configuration, and starts nothing.</summary>
internal sealed class ConfigCommand(TextWriter output, TextWriter error)
{
    /// <summary>The word that asks for it.</summary>
    public const string Name = "config";

    private const string Check = "check";
    private const string FileMissing = "the file is missing; it is config check FILE";

    private readonly Option<string[]> _name = CommandOption.Value("--name", "the name of a server in the file");
    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");

    /// <summary>Runs it; 0 where the file is sound, else <see cref="CommandRunner.UsageExitCode"/>.</summary>
    /// <exception cref="UsageException">The command line is wrong.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var line = ParsedLine.Of([_name, _json, _help], arguments, $"{InvocationName.Default} {Name}");
        if (line.Has(_help))
        {
            await output.WriteAsync(HelpText.Config());
            return 0;
        }

        var file = FileOf(line.Operands);
        var serverName = line.Last(_name);
        var content = ConfigFile.Read(file, out var problem);
        if (content is null)
        {
            return await RefuseUnreadableAsync(file, problem, line.Has(_json));
        }

        // Messages begin with the name, so it must not hold what ends a line.
        var shown = SingleLine.Of(file);
        var result = LandscapeReading.Of(content, shown, serverName);
        await (line.Has(_json) ? WriteJsonAsync(file, result) : WriteLinesAsync(shown, result, serverName));
        return result.Value is null ? CommandRunner.UsageExitCode : 0;
    }

    private static string FileOf(IReadOnlyList<string> words) => words switch
    {
        [Check, var file] => file is "" ? throw new UsageException($"{Name} {Check}: {FileMissing}") : file,
        [] => throw new UsageException($"{Name}: the sub-command is missing; it is {Name} {Check} FILE"),
        [Check] => throw new UsageException($"{Name} {Check}: {FileMissing}"),
        [Check, ..] => throw new UsageException($"{Name} {Check}: one file at a time; {UsageException.Echo(words[2])} is one too many"),
        _ => throw new UsageException($"{Name} {UsageException.Echo(words[0])}: no such sub-command; it is {Name} {Check} FILE"),
    };

    private async Task<int> RefuseUnreadableAsync(string file, string problem, bool json)
    {
        await (json
            ? output.WriteAsync(ConfigCheckJson.Print(new ConfigCheckReport(file, false, [new ConfigCheckEntry(0, 0, problem)], [])) + "\n")
            : error.WriteAsync($"{InvocationName.Default}: {UsageException.Echo(file)}: {problem}\n"));
        return CommandRunner.UsageExitCode;
    }

    private Task WriteJsonAsync(string file, LandscapeResult result) =>
        output.WriteAsync(ConfigCheckJson.Print(new ConfigCheckReport(file, result.Value is not null, Entries(result.Errors), Entries(result.Warnings))) + "\n");

    private async Task WriteLinesAsync(string shown, LandscapeResult result, string? serverName)
    {
        await error.WriteAsync(ConfigMessages.Lines(result));
        if (result.Value is { } landscape)
        {
            await output.WriteAsync($"{shown}: {Summary(landscape, serverName)}\n");
        }
    }

    private static string Summary(Landscape landscape, string? serverName)
    {
        var parts = new List<string>
        {
            Count(landscape.Servers.Length, "server", "servers"),
            Count(landscape.Groups.Length, "group", "groups"),
            Count(landscape.Checks.Length, "check", "checks"),
            Count(landscape.Analyses.Length, "analysis", "analyses"),
        };
        var own = serverName is null ? "" : $"; {serverName} has {Count(landscape.ProbesFrom(serverName).Length, "probe", "probes")}";
        return $"ok: {string.Join(", ", parts)}{own}";
    }

    private static string Count(int count, string one, string many) => count == 1 ? $"1 {one}" : $"{count} {many}";

    private static IReadOnlyList<ConfigCheckEntry> Entries(IReadOnlyList<ConfigMessage> messages) =>
        [.. messages.Select(message => new ConfigCheckEntry(message.Line, message.Column, message.Message))];
}
