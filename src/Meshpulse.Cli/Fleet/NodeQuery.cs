using System.CommandLine;
using System.Net;
using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Fleet;

/// <summary>Which node is asked, and how it lets one in: the part of the line that all commands share that ask one.</summary>
internal sealed class NodeQuery(string command)
{
    private readonly Option<string[]> _token = CommandOption.Value("--api-token-file", "a file with the token that the node wants to be told");
    private readonly Option<string[]> _ca = CommandOption.Value("--tls-ca", "a file with the certificates of who signs the node's in PEM");
    private readonly Option<bool> _tls = CommandOption.Flag("--tls");

    /// <summary>Its options.</summary>
    public IReadOnlyList<Option> Options => [_token, _tls, _ca];

    /// <summary>The node: the line's only operand, else the one on this host.</summary>
    /// <exception cref="UsageException">More than one, or one that can't be.</exception>
    public NodeAccess Read(ParsedLine line) => Read(line, line.Operands);

    /// <summary>The one on this host, whatever the operands are.</summary>
    public NodeAccess ReadLocal(ParsedLine line) => Read(line, []);

    private NodeAccess Read(ParsedLine line, IReadOnlyList<string> operands) => new(Node(operands))
    {
        TokenFile = line.Last(_token),
        IsTls = line.Has(_tls) || line.IsGiven(_ca),
        CaFile = line.Last(_ca),
    };

    private HostPort Node(IReadOnlyList<string> operands) => operands switch
    {
        [_, var more, ..] => throw new UsageException($"{command}: one node at a time; {UsageException.Echo(more)} is one too many"),
        [var node] => Node(node),
        _ => new HostPort(IPAddress.Loopback.ToString(), MetricsBind.DefaultPort, IsLiteral: true),
    };

    private HostPort Node(string text)
    {
        var port = MetricsBind.DefaultPort;
        return HostText.Read(text, 1, out var host, ref port, out var isLiteral) is { } problem
            ? throw new UsageException($"{command} {UsageException.Echo(text)}: {problem}")
            : new HostPort(host, port, isLiteral);
    }
}
