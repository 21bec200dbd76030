using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Tracing;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Commands;

/// <summary>The line of <c>meshpulse trace HOST</c>.</summary>
internal sealed class TraceCommand
{
    public const string Name = "trace";

    private const int DefaultFlows = 4;
    private const int DefaultMaxHops = 30;

    private static readonly NumberRange s_rounds = new("the number of rounds", "", 1, 1_000_000_000, "until stopped; 10 without a terminal");
    private static readonly NumberRange s_interval = new("the time between rounds", "ms", 10, 3_600_000, "1000 for each flow");
    private static readonly NumberRange s_timeout = new("the timeout", "ms", 1, 60_000, "1000");
    private static readonly NumberRange s_flows = new("the number of flows", "", 1, TraceOptions.MaxFlows, $"{DefaultFlows}");
    private static readonly NumberRange s_maxHops = new("the number of hops", "", 1, TraceOptions.HighestTimeToLive, $"{DefaultMaxHops}");

    private readonly Option<string[]> _rounds = CommandOption.Value("--count", "the number of rounds", "-c");
    private readonly Option<string[]> _interval = CommandOption.Value("--interval", "the time between rounds in ms", "-i");
    private readonly Option<string[]> _timeout = CommandOption.Value("--timeout", "how long to wait for an answer in ms");
    private readonly Option<string[]> _flows = CommandOption.Value("--flows", "the number of flows");
    private readonly Option<string[]> _protocol = CommandOption.Value("--protocol", "udp, icmp or tcp");
    private readonly Option<string[]> _port = CommandOption.Value("--port", "the destination port");
    private readonly Option<string[]> _sourcePorts = CommandOption.OptionalValue("--source-ports", "the source ports of the flows, as in 40001,40002");
    private readonly Option<string[]> _maxHops = CommandOption.Value("--max-hops", "the number of hops");
    private readonly Option<bool> _numeric = CommandOption.Flag("--numeric", "-n");
    private readonly Option<bool> _v4 = CommandOption.Flag("--ipv4", "-4");
    private readonly Option<bool> _v6 = CommandOption.Flag("--ipv6", "-6");
    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;
    private readonly FamilyOptions _family;

    /// <exception cref="UsageException">An unknown option, a value missing, or one given where none belongs.</exception>
    public TraceCommand(IReadOnlyList<string> arguments)
    {
        _line = ParsedLine.Of(
            [_rounds, _interval, _timeout, _flows, _protocol, _port, _sourcePorts, _maxHops, _numeric, _v4, _v6, _json, _help],
            arguments,
            $"{InvocationName.Default} {Name}");
        _family = new FamilyOptions(_line, _v4, _v6);
    }

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <exception cref="UsageException">The host is missing, a value can't be, or two words don't go together.</exception>
    public TraceArguments Read()
    {
        var protocol = ReadProtocol();
        var sourcePorts = ReadSourcePorts(protocol);
        var flows = sourcePorts.IsEmpty ? (int)(Whole(_flows, s_flows) ?? DefaultFlows) : sourcePorts.Length;
        var family = _family.Read();
        return new TraceArguments
        {
            Host = ReadHost(family),
            Family = family,
            Protocol = protocol,
            Port = ReadPort(protocol),
            Flows = flows,
            SourcePorts = sourcePorts,
            Rounds = Whole(_rounds, s_rounds),
            Interval = _line.Milliseconds(_interval, s_interval) ?? Duration.FromSeconds(flows),
            MaxHops = (int)(Whole(_maxHops, s_maxHops) ?? DefaultMaxHops),
            Timeout = _line.Milliseconds(_timeout, s_timeout) ?? Duration.FromSeconds(1),
            IsNumeric = _line.Has(_numeric),
            Json = _line.Has(_json),
        };
    }

    private string ReadHost(AddressFamily? family)
    {
        if (_line.Operands is not [var text])
        {
            throw new UsageException(_line.Operands is [_, var more, ..]
                ? $"{Name}: one host at a time; {UsageException.Echo(more)} is one too many"
                : $"{Name}: the host is missing; it is {Name} HOST");
        }

        var port = 0;
        if (HostText.Read(text, 1, out var host, ref port, out var isLiteral) is { } problem)
        {
            throw new UsageException($"{UsageException.Echo(text)}: {problem}");
        }

        if (port != 0)
        {
            throw new UsageException($"{UsageException.Echo(text)}: the port is given by --port {port}");
        }

        _family.Check(text, isLiteral ? IPAddress.Parse(host).AddressFamily == AddressFamily.InterNetworkV6 : null, family);
        return host;
    }

    private TracingProtocol ReadProtocol() => _line.Last(_protocol) switch
    {
        null or "udp" => TracingProtocol.Udp,
        "icmp" => TracingProtocol.Icmp,
        "tcp" => TracingProtocol.Tcp,
        var other => throw new UsageException($"--protocol {UsageException.Echo(other)}: not known; it is udp, icmp or tcp"),
    };

    private int ReadPort(TracingProtocol protocol)
    {
        if (_line.Last(_port) is not { } text)
        {
            return protocol switch { TracingProtocol.Udp => TracingOptions.UdpPort, TracingProtocol.Tcp => TracingOptions.TcpPort, _ => 0 };
        }

        if (protocol == TracingProtocol.Icmp)
        {
            throw new UsageException("--port: icmp has no ports");
        }

        return HostText.ReadPort(text, 1, out var port) is { } problem ? throw new UsageException($"--port: {problem}") : port;
    }

    private ImmutableArray<int> ReadSourcePorts(TracingProtocol protocol)
    {
        if (_line.Last(_sourcePorts) is not { } text)
        {
            return [];
        }

        if (protocol != TracingProtocol.Udp)
        {
            throw new UsageException("--source-ports: of udp alone");
        }

        if (_line.IsGiven(_flows))
        {
            throw new UsageException("--source-ports: each is a flow; leave out --flows");
        }

        var ports = text.Split(',').Select(ReadSourcePort).Distinct().ToImmutableArray();
        return ports.Length <= TraceOptions.MaxFlows ? ports : throw new UsageException($"--source-ports: {TraceOptions.MaxFlows} at most");
    }

    private static int ReadSourcePort(string text) =>
        HostText.ReadPort(text, 1, out var port) is { } problem ? throw new UsageException($"--source-ports: {problem}") : port;

    private long? Whole(Option<string[]> option, NumberRange range) =>
        _line.Last(option) is { } text ? (long)range.Read(_line.Spelling(option), text) : null;
}
