using System.CommandLine;
using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Commands;

/// <summary>The line of <c>meshpulse status [NODE]</c>.</summary>
internal sealed class StatusCommand
{
    /// <summary>The word that asks for it.</summary>
    public const string Name = "status";

    private readonly NodeQuery _query = new(Name);
    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;

    /// <summary>Reads the line's form; values are looked at by <see cref="Read"/>.</summary>
    /// <exception cref="UsageException">An unknown option, or a value where none belongs.</exception>
    public StatusCommand(IReadOnlyList<string> arguments) => _line = ParsedLine.Of([.. _query.Options, _json, _help], arguments, $"{InvocationName.Default} {Name}");

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <summary>The arguments with their values checked.</summary>
    /// <exception cref="UsageException">More than one node, or one that can't be.</exception>
    public StatusArguments Read() => new(_query.Read(_line), _line.Has(_json));
}
