using System.CommandLine;
using Meshpulse.Agent.Maintenance;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Commands;

/// <summary>The options of <c>meshpulse maintenance</c>.</summary>
internal sealed class MaintenanceCommand
{
    public const string Name = "maintenance";

    private readonly Argument<string[]> _verb = new("VERB") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> _for = Value("--for", "how long, as in 30m or 1h30m");
    private readonly Option<string[]> _reason = Value("--reason", "a text that says why");
    private readonly Option<string[]> _file = Value("--file", $"the maintenance file (default {MaintenanceFile.DefaultPath})");
    private readonly Option<bool> _json = new("--json") { Arity = ArgumentArity.Zero };
    private readonly Option<bool> _help = new("--help", "-h") { Arity = ArgumentArity.Zero };
    private readonly ParseResult _parsed;

    /// <exception cref="UsageException">An unknown option, a value missing, or one given where none belongs.</exception>
    public MaintenanceCommand(IReadOnlyList<string> arguments)
    {
        var command = new Command(Name) { _verb, _for, _reason, _file, _json, _help };
        var tokens = CanonicalTokens.Of(command, arguments, $"{InvocationName.Default} {Name}");
        _parsed = command.Parse(tokens.Tokens, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (_parsed.Errors is [var error, ..])
        {
            throw new UsageException(UsageException.Echo(error.Message));
        }
    }

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _parsed.GetValue(_help);

    /// <exception cref="UsageException">A verb or value that can't be.</exception>
    public MaintenanceArguments Read()
    {
        var verb = ReadVerb();
        var reason = Last(_reason);
        if (reason is { Length: > MaintenanceFile.LongestReason })
        {
            throw new UsageException($"--reason {UsageException.Echo(reason)}: the reason must be at most {MaintenanceFile.LongestReason} characters long");
        }

        var length = ReadLength();
        if (verb != MaintenanceVerb.On && (length is not null || reason is not null))
        {
            throw new UsageException($"{(length is null ? "--reason" : "--for")}: of use only with {Name} on");
        }

        return new MaintenanceArguments(verb, Last(_file) ?? MaintenanceFile.DefaultPath, length, reason, _parsed.GetValue(_json));
    }

    private static Option<string[]> Value(string name, string description) => new(name) { Arity = ArgumentArity.OneOrMore, Description = description };

    private string? Last(Option<string[]> option) => _parsed.GetValue(option) is [.., var last] ? last : null;

    private MaintenanceVerb ReadVerb() => _parsed.GetValue(_verb) switch
    {
        null or [] => throw new UsageException($"{Name}: what to do is missing; it is on, off or status"),
        ["on"] => MaintenanceVerb.On,
        ["off"] => MaintenanceVerb.Off,
        ["status"] => MaintenanceVerb.Status,
        [var other] => throw new UsageException($"{Name} {UsageException.Echo(other)}: not known; it is on, off or status"),
        [_, var more, ..] => throw new UsageException($"{UsageException.Echo(more)}: one word too many; a reason is given as in --reason 'kernel update'"),
    };

    private Duration? ReadLength()
    {
        if (Last(_for) is not { } text)
        {
            return null;
        }

        return SpanText.Read(text, out var span) is { } problem ? throw new UsageException($"--for {UsageException.Echo(text)}: {problem}") : span;
    }
}
