using System.CommandLine;
using Meshpulse.Agent.Maintenance;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Commands;

/// <summary>The options of <c>meshpulse maintenance</c>.</summary>
internal sealed class MaintenanceCommand
{
    public const string Name = "maintenance";

    private readonly Option<string[]> _for = CommandOption.Value("--for", "how long, as in 30m or 1h30m");
    private readonly Option<string[]> _reason = CommandOption.Value("--reason", "a text that says why");
    private readonly Option<string[]> _file = CommandOption.Value("--file", $"the maintenance file (default {MaintenanceFile.DefaultPath})");
    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;

    /// <exception cref="UsageException">An unknown option, a value missing, or one given where none belongs.</exception>
    public MaintenanceCommand(IReadOnlyList<string> arguments) =>
        _line = ParsedLine.Of([_for, _reason, _file, _json, _help], arguments, $"{InvocationName.Default} {Name}");

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <exception cref="UsageException">A verb or value that can't be.</exception>
    public MaintenanceArguments Read()
    {
        var verb = ReadVerb();
        var reason = _line.Last(_reason);
        if (reason is { Length: > MaintenanceFile.LongestReason })
        {
            throw new UsageException($"--reason {UsageException.Echo(reason)}: the reason must be at most {MaintenanceFile.LongestReason} characters long");
        }

        var length = ReadLength();
        if (verb != MaintenanceVerb.On && (length is not null || reason is not null))
        {
            throw new UsageException($"{(length is null ? "--reason" : "--for")}: of use only with {Name} on");
        }

        return new MaintenanceArguments(verb, _line.Last(_file) ?? MaintenanceFile.DefaultPath, length, reason, _line.Has(_json));
    }

    private MaintenanceVerb ReadVerb() => _line.Operands switch
    {
        [] => throw new UsageException($"{Name}: what to do is missing; it is on, off or status"),
        ["on"] => MaintenanceVerb.On,
        ["off"] => MaintenanceVerb.Off,
        ["status"] => MaintenanceVerb.Status,
        [var other] => throw new UsageException($"{Name} {UsageException.Echo(other)}: not known; it is on, off or status"),
        [_, var more, ..] => throw new UsageException($"{UsageException.Echo(more)}: one word too many; a reason is given as in --reason 'kernel update'"),
    };

    private Duration? ReadLength()
    {
        if (_line.Last(_for) is not { } text)
        {
            return null;
        }

        return SpanText.Read(text, out var span) is { } problem ? throw new UsageException($"--for {UsageException.Echo(text)}: {problem}") : span;
    }
}
