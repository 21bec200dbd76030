using System.CommandLine;
using System.Net;

namespace Meshpulse.Cli.Commands;

/// <summary>The line of <c>meshpulse diagnose [NODE]</c> and <c>meshpulse diagnose FILE...</c>.</summary>
internal sealed class DiagnoseCommand
{
    /// <summary>The word that asks for it.</summary>
    public const string Name = "diagnose";

    private const int MostFiles = 1_000;

    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;

    /// <summary>Reads the line's form; values are looked at by <see cref="Read"/>.</summary>
    /// <exception cref="UsageException">An unknown option, or a value where none belongs.</exception>
    public DiagnoseCommand(IReadOnlyList<string> arguments) => _line = ParsedLine.Of([_json, _help], arguments, $"{InvocationName.Default} {Name}");

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <summary>The arguments with their values checked.</summary>
    /// <exception cref="UsageException">More than one node, one that can't be, or too many files.</exception>
    public DiagnoseArguments Read()
    {
        var local = new HostPort(IPAddress.Loopback.ToString(), MetricsBind.DefaultPort, IsLiteral: true);
        return _line.Operands switch
        {
            var files when files.Any(IsFile) => files.Count <= MostFiles
                ? new DiagnoseArguments { Node = local, Files = [.. files], Json = _line.Has(_json) }
                : throw new UsageException($"{Name}: {files.Count} files; at most {MostFiles} at a time"),
            [_, var more, ..] => throw new UsageException($"{Name}: one node at a time; {UsageException.Echo(more)} is one too many"),
            [var node] => new DiagnoseArguments { Node = ReadNode(node), Json = _line.Has(_json) },
            _ => new DiagnoseArguments { Node = local, Json = _line.Has(_json) },
        };
    }

    /// <summary>No node has a slash in its name; else a file is what is there as one.</summary>
    private static bool IsFile(string operand) => operand.Contains('/') || File.Exists(operand);

    private static HostPort ReadNode(string text)
    {
        var port = MetricsBind.DefaultPort;
        return HostText.Read(text, 1, out var host, ref port, out var isLiteral) is { } problem
            ? throw new UsageException($"{Name} {UsageException.Echo(text)}: {problem}")
            : new HostPort(host, port, isLiteral);
    }
}
