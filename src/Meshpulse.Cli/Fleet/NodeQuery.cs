using System.CommandLine;
using System.Net;
using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Fleet;

/// <summary>Which node is asked, and what it is told to be let in: the part of the line that all commands share that ask one.</summary>
internal sealed class NodeQuery(string command)
{
    private readonly Option<string[]> _token = CommandOption.Value("--api-token-file", "a file");

    /// <summary>Its options.</summary>
    public IReadOnlyList<Option> Options => [_token];

    /// <summary>The node: the line's only operand, else the one on this host.</summary>
    /// <exception cref="UsageException">More than one, or one that can't be.</exception>
    public HostPort Node(ParsedLine line) => line.Operands switch
    {
        [_, var more, ..] => throw new UsageException($"{command}: one node at a time; {UsageException.Echo(more)} is one too many"),
        [var node] => Read(node),
        _ => new HostPort(IPAddress.Loopback.ToString(), MetricsBind.DefaultPort, IsLiteral: true),
    };

    /// <summary>The file with the token; null where none was given.</summary>
    public string? TokenFile(ParsedLine line) => line.Last(_token);

    private HostPort Read(string text)
    {
        var port = MetricsBind.DefaultPort;
        return HostText.Read(text, 1, out var host, ref port, out var isLiteral) is { } problem
            ? throw new UsageException($"{command} {UsageException.Echo(text)}: {problem}")
            : new HostPort(host, port, isLiteral);
    }
}
