using System.CommandLine;
using System.Net;

namespace Meshpulse.Cli.Commands;

/// <summary>The line of <c>meshpulse diagnose [NODE]</c>.</summary>
internal sealed class DiagnoseCommand
{
    /// <summary>The word that asks for it.</summary>
    public const string Name = "diagnose";

    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;

    /// <summary>Reads the line's form; values are looked at by <see cref="Read"/>.</summary>
    /// <exception cref="UsageException">An unknown option, or a value where none belongs.</exception>
    public DiagnoseCommand(IReadOnlyList<string> arguments) => _line = ParsedLine.Of([_json, _help], arguments, $"{InvocationName.Default} {Name}");

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <summary>The arguments with their values checked.</summary>
    /// <exception cref="UsageException">More than one node, or one that can't be.</exception>
    public DiagnoseArguments Read() => _line.Operands is [_, var more, ..]
        ? throw new UsageException($"{Name}: one node at a time; {UsageException.Echo(more)} is one too many")
        : new DiagnoseArguments { Node = ReadNode(_line.Operands is [var node] ? node : IPAddress.Loopback.ToString()), Json = _line.Has(_json) };

    private static HostPort ReadNode(string text)
    {
        var port = MetricsBind.DefaultPort;
        return HostText.Read(text, 1, out var host, ref port, out var isLiteral) is { } problem
            ? throw new UsageException($"{Name} {UsageException.Echo(text)}: {problem}")
            : new HostPort(host, port, isLiteral);
    }
}
