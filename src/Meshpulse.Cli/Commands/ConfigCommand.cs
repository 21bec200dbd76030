using System.CommandLine;
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

    private readonly Argument<string[]> _words = new("WORD") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> _name = new("--name") { Arity = ArgumentArity.OneOrMore, Description = "the name of a server in the file" };
    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero };
    private readonly Option<bool> _help = new("--help", "-h") { Arity = ArgumentArity.Zero };

    /// <summary>Runs it; 0 where the file is sound, else <see cref="CommandRunner.UsageExitCode"/>.</summary>
    /// <exception cref="UsageException">The command line is wrong.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var command = new Command(Name) { _words, _name, _json, _help };
        var tokens = CanonicalTokens.Of(command, arguments, $"{InvocationName.Default} {Name}");
        var parsed = command.Parse(tokens.Tokens, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors is [var wrong, ..])
        {
            throw new UsageException(UsageException.Echo(wrong.Message));
        }

        if (parsed.GetValue(_help))
        {
            await output.WriteAsync(HelpText.Config());
            return 0;
        }

        var file = FileOf(parsed.GetValue(_words) ?? []);
        var serverName = parsed.GetValue(_name) is [.., var last] ? last : null;
        var content = ConfigFile.Read(file, out var problem);
        if (content is null)
        {
            return await RefuseUnreadableAsync(file, problem, parsed.GetValue(_json));
        }

        // Messages begin with the name, so it must not hold what ends a line.
        var shown = SingleLine.Of(file);
        var result = LandscapeReader.Read(content, shown, serverName);
        await (parsed.GetValue(_json) ? WriteJsonAsync(file, result) : WriteLinesAsync(shown, result, serverName));
        return result.Value is null ? CommandRunner.UsageExitCode : 0;
    }

    private static string FileOf(string[] words) => words switch
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
        var lines = result.Errors.Select(e => (e.Position, Line: e.ToString()))
            .Concat(result.Warnings.Select(w => (w.Position, Line: $"{w.Position}: warning: {w.Message}")));
        foreach (var (_, line) in lines.OrderBy(message => message.Position))
        {
            await error.WriteAsync(line + "\n");
        }

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
