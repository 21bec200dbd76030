using System.CommandLine;
using Meshpulse.Agent.Sounding;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Stamp;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Cli.Commands;

/// <summary>The line of <c>meshpulse probe HOST</c>.</summary>
internal sealed class ProbeCommand
{
    public const string Name = "probe";

    private static readonly NumberRange s_count = new("the number of packets", "", 1, 1_000_000_000, "until stopped");
    private static readonly NumberRange s_interval = new("the time between packets", "ms", 0.01m, 3_600_000, "100");
    private static readonly NumberRange s_timeout = new("the timeout", "ms", 1, 60_000, "1000");
    private static readonly NumberRange s_flows = new("the number of flows", "", 1, SoundingOptions.MaxFlows, "1");

    private readonly Option<string[]> _count = CommandOption.Value("--count", "the number of packets", "-c");
    private readonly Option<string[]> _interval = CommandOption.Value("--interval", "the time between packets in ms", "-i");
    private readonly Option<string[]> _size = CommandOption.Value("--size", "the UDP payload in bytes", "-s");
    private readonly Option<string[]> _timeout = CommandOption.Value("--timeout", "how long to wait for a reply in ms");
    private readonly Option<string[]> _flows = CommandOption.Value("--flows", "the number of source ports");
    private readonly Option<string[]> _protocol = CommandOption.Value("--protocol", "stamp, udp_ping or twamp");
    private readonly Option<string[]> _mode = CommandOption.Value("--mode", "unauthenticated or authenticated");
    private readonly Option<string[]> _keyFile = CommandOption.Value("--key-file", "a file of hexadecimal keys");
    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;

    /// <exception cref="UsageException">An unknown option, a value missing, or one given where none belongs.</exception>
    public ProbeCommand(IReadOnlyList<string> arguments) =>
        _line = ParsedLine.Of(
            [_count, _interval, _size, _timeout, _flows, _protocol, _mode, _keyFile, _json, _help], arguments, $"{InvocationName.Default} {Name}");

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <exception cref="UsageException">The host is missing, a value can't be, or two words don't go together.</exception>
    public ProbeArguments Read()
    {
        var protocol = ReadProtocol();
        var keyFile = ReadKeyFile(protocol);
        return new ProbeArguments
        {
            Target = ReadTarget(protocol),
            Protocol = protocol,
            Count = Whole(_count, s_count),
            Interval = _line.Milliseconds(_interval, s_interval) ?? Duration.FromMilliseconds(100),
            Size = ReadSize(protocol, keyFile is not null),
            Timeout = _line.Milliseconds(_timeout, s_timeout) ?? Duration.FromSeconds(1),
            Flows = (int)(Whole(_flows, s_flows) ?? 1),
            KeyFile = keyFile,
            Json = _line.Has(_json),
        };
    }

    private HostPort ReadTarget(SoundingProtocol protocol)
    {
        if (_line.Operands is not [var text])
        {
            throw new UsageException(_line.Operands is [_, var more, ..]
                ? $"{Name}: one host at a time; {UsageException.Echo(more)} is one too many"
                : $"{Name}: the host is missing; it is {Name} HOST or HOST:PORT");
        }

        var port = protocol == SoundingProtocol.UdpPing ? UdpPingWire.ReflectorPort : StampWire.Port;
        return HostText.Read(text, 1, out var host, ref port, out var isLiteral) is { } problem
            ? throw new UsageException($"{UsageException.Echo(text)}: {problem}")
            : new HostPort(host, port, isLiteral);
    }

    private SoundingProtocol ReadProtocol() => _line.Last(_protocol) switch
    {
        null or "stamp" => SoundingProtocol.Stamp,
        "udp_ping" => SoundingProtocol.UdpPing,
        "twamp" => SoundingProtocol.Twamp,
        var other => throw new UsageException($"--protocol {UsageException.Echo(other)}: not known; it is stamp, udp_ping or twamp"),
    };

    /// <summary>A key file means authenticated unless the mode says otherwise.</summary>
    private string? ReadKeyFile(SoundingProtocol protocol)
    {
        var file = _line.Last(_keyFile);
        var authenticated = _line.Last(_mode) switch
        {
            null => file is not null,
            "authenticated" => true,
            "unauthenticated" => false,
            var other => throw new UsageException($"--mode {UsageException.Echo(other)}: not known; it is unauthenticated or authenticated"),
        };
        if (!authenticated)
        {
            return null;
        }

        if (protocol != SoundingProtocol.Stamp)
        {
            throw new UsageException($"{(file is null ? "--mode authenticated" : "--key-file")}: only with --protocol stamp");
        }

        return string.IsNullOrEmpty(file) ? throw new UsageException("--mode authenticated: needs --key-file") : file;
    }

    private int ReadSize(SoundingProtocol protocol, bool authenticated)
    {
        var range = new NumberRange(
            "the size",
            "",
            SoundingOptions.SmallestSize(protocol, authenticated),
            StampWire.MaxLength,
            $"{SoundingOptions.DefaultSize(protocol, authenticated)}");
        return (int)(Whole(_size, range) ?? 0);
    }

    private long? Whole(Option<string[]> option, NumberRange range) =>
        _line.Last(option) is { } text ? (long)range.Read(_line.Spelling(option), text) : null;
}
