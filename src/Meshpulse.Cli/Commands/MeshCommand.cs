namespace Meshpulse.Cli.Commands;

/// <summary>The line of the mesh command: servers, and the options of a node of the mesh.</summary>
internal sealed class MeshCommand
{
    private readonly MeshOptionSet _options = new();
    private readonly ParsedLine _line;

    /// <summary>Reads the line's form; values are looked at by <see cref="Read"/>.</summary>
    /// <exception cref="UsageException">An unknown option, a value missing, or one given where none belongs.</exception>
    public MeshCommand(IReadOnlyList<string> arguments, string invokedAs) => _line = ParsedLine.Of(_options.All, arguments, invokedAs);

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _options.WantsHelp(_line);

    /// <summary>True where the version was asked for.</summary>
    public bool WantsVersion => _options.WantsVersion(_line);

    /// <summary>The arguments with their values checked.</summary>
    /// <exception cref="UsageException">A value that can't be.</exception>
    public MeshArguments Read() => _options.Read(_line, _line.Operands);
}
