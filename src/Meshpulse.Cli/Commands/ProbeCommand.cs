using System.CommandLine;
using System.Net.Sockets;
using Meshpulse.Agent.Sounding;
using Meshpulse.Core.Config;
using Meshpulse.Core.Probing.Stamp;
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
    private readonly Option<string[]> _tlvs = CommandOption.Value("--tlvs", "location, timestamp, direct, access or all");
    private readonly Option<string[]> _dscp = CommandOption.Value("--dscp", "a code point, as a number or a name", "-Q");
    private readonly Option<bool> _v4 = CommandOption.Flag("--ipv4", "-4");
    private readonly Option<bool> _v6 = CommandOption.Flag("--ipv6", "-6");

    // Names are never looked up backwards here; whoever is used to it from ping may say so.
    private readonly Option<bool> _numeric = CommandOption.Flag("--numeric", "-n");
    private readonly Option<bool> _portable = CommandOption.Flag("--portable");
    private readonly Option<bool> _json = CommandOption.Flag("--json");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");
    private readonly ParsedLine _line;
    private readonly FamilyOptions _family;

    /// <exception cref="UsageException">An unknown option, a value missing, or one given where none belongs.</exception>
    public ProbeCommand(IReadOnlyList<string> arguments)
    {
        _line = ParsedLine.Of(
            [_count, _interval, _size, _timeout, _flows, _protocol, _mode, _keyFile, _tlvs, _dscp, _v4, _v6, _numeric, _portable, _json, _help],
            arguments,
            $"{InvocationName.Default} {Name}");
        _family = new FamilyOptions(_line, _v4, _v6);
    }

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _line.Has(_help);

    /// <exception cref="UsageException">The host is missing, a value can't be, or two words don't go together.</exception>
    public ProbeArguments Read()
    {
        var protocol = ReadProtocol();
        var keyFile = ReadKeyFile(protocol);
        var tlvs = ReadTlvs(protocol);
        var family = _family.Read();
        return new ProbeArguments
        {
            Target = ReadTarget(protocol, family),
            Protocol = protocol,
            Count = Whole(_count, s_count),
            Interval = _line.Milliseconds(_interval, s_interval) ?? Duration.FromMilliseconds(100),
            Size = ReadSize(protocol, keyFile is not null, tlvs),
            Timeout = _line.Milliseconds(_timeout, s_timeout) ?? Duration.FromSeconds(1),
            Flows = (int)(Whole(_flows, s_flows) ?? 1),
            KeyFile = keyFile,
            Tlvs = tlvs,
            Dscp = ReadDscp(),
            Family = family,
            Portable = _line.Has(_portable),
            Json = _line.Has(_json),
        };
    }

    private HostPort ReadTarget(SoundingProtocol protocol, AddressFamily? family)
    {
        if (_line.Operands is not [var text])
        {
            throw new UsageException(_line.Operands is [_, var more, ..]
                ? $"{Name}: one host at a time; {UsageException.Echo(more)} is one too many"
                : $"{Name}: the host is missing; it is {Name} HOST or HOST:PORT");
        }

        var port = protocol == SoundingProtocol.UdpPing ? UdpPingWire.ReflectorPort : StampWire.Port;
        if (HostText.Read(text, 1, out var host, ref port, out var isLiteral) is { } problem)
        {
            throw new UsageException($"{UsageException.Echo(text)}: {problem}");
        }

        var target = new HostPort(host, port, isLiteral);
        _family.Check(text, target.ToEndpoint()?.IsV6, family);
        return target;
    }

    private int ReadDscp() => _line.Last(_dscp) is not { } text ? 0 : DscpText.Read(text) ?? throw new UsageException(
        $"{_line.Spelling(_dscp)} {UsageException.Echo(text)}: not a code point; there are CS0 to CS7, AF11 to AF43, EF, VA and LE, or a number from 0 to {DscpText.Highest}");

    private StampTlvSet ReadTlvs(SoundingProtocol protocol)
    {
        if (_line.Last(_tlvs) is not { } text)
        {
            return StampTlvSet.None;
        }

        return protocol == SoundingProtocol.Stamp
            ? TlvNames.Read(_line.Spelling(_tlvs), text)
            : throw new UsageException($"{_line.Spelling(_tlvs)}: only with --protocol stamp");
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

    private int ReadSize(SoundingProtocol protocol, bool authenticated, StampTlvSet tlvs)
    {
        var range = new NumberRange(
            "the size",
            "",
            SoundingOptions.SmallestSize(protocol, authenticated),
            StampWire.MaxLength,
            $"{SoundingOptions.DefaultSize(protocol, authenticated, tlvs)}");
        var size = (int)(Whole(_size, range) ?? 0);
        var needed = SoundingOptions.SmallestSize(protocol, authenticated, tlvs);
        return size == 0 || size >= needed
            ? size
            : throw new UsageException($"{_line.Spelling(_size)} {size}: {_line.Spelling(_tlvs)} {string.Join(',', TlvNames.Of(tlvs))} needs {needed} bytes at least");
    }

    private long? Whole(Option<string[]> option, NumberRange range) =>
        _line.Last(option) is { } text ? (long)range.Read(_line.Spelling(option), text) : null;
}
