using System.CommandLine;
using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Commands;

/// <summary>The line of <c>meshpulse top [NODE]</c>.</summary>
internal sealed class TopCommand
{
    /// <summary>The word that asks for it.</summary>
    public const string Name = "top";

    private readonly NodeQuery _query = new(Name);
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;

    /// <summary>Reads the line's form; values are looked at by <see cref="Read"/>.</summary>
    /// <exception cref="UsageException">An unknown option, or a value where none belongs.</exception>
    public TopCommand(IReadOnlyList<string> arguments) => _line = ParsedLine.Of([.. _query.Options, _help], arguments, $"{InvocationName.Default} {Name}");

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <summary>The arguments with their values checked.</summary>
    /// <exception cref="UsageException">More than one node, or one that can't be.</exception>
    public TopArguments Read() => new(_query.Read(_line));
}
