using System.Collections.Immutable;
using System.CommandLine;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Commands;

/// <summary>
/// The options of the mesh command and what their values mean. An option given twice has its last value, so that a
/// script's options can be overridden behind them.
/// </summary>
internal sealed class MeshCommand
{
    private const decimal Day = 86_400;

    private static readonly NumberRange PingRange = new("the ping interval", "ms", 0.1m, 60_000, "5");
    private static readonly NumberRange ThresholdRange = new("the threshold", "ms", 1, Day * 1000, "20");
    private static readonly NumberRange IntervalRange = new("the report interval", "s", 1, Day, "10");
    private static readonly NumberRange SilenceRange = new("the silence", "s", 0.1m, Day, "10");
    private static readonly NumberRange RetentionRange = new("the retention", "s", 0, Day, "60");
    private static readonly NumberRange PeersRange = new("the number of peers", "", 1, ushort.MaxValue, "2000");

    private readonly Argument<string[]> _servers = new("SERVER") { Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> _bind = Value("--bind", "this node's address and port, as in 192.0.2.7 or 192.0.2.7:12222", "-b");
    private readonly Option<string[]> _ping = Value("--ping", "the ping interval in ms (default 5)", "-p");
    private readonly Option<string[]> _threshold = Value("--threshold", "the threshold in ms (default 20)", "-t");
    private readonly Option<string[]> _interval = Value("--interval", "the report interval in s (default 10)", "-i");
    private readonly Option<string[]> _metrics = Value("--metrics-bind", "where the metrics are served, as in 12223, :12223 or 192.0.2.7:12223", "-m");
    private readonly Option<string[]> _silence = Value("--silence", "the silence in s after which a peer is closed (default 10)");
    private readonly Option<string[]> _retention = Value("--retention", "how long in s a departed peer's metrics stay (default 60)");
    private readonly Option<string[]> _maxPeers = Value("--max-peers", "the most peers at once (default 2000)");
    private readonly Option<string[]> _allow = Value("--allow", "a network whose addresses may be peers, as in 192.0.2.0/24");
    private readonly Option<bool> _disableMetrics = Flag("--disable-metrics", "-d");
    private readonly Option<bool> _quiet = Flag("--quiet", "-q");
    private readonly Option<bool> _debug = Flag("--debug", "-x");
    private readonly Option<bool> _realtime = Flag("--realtime");
    private readonly Option<bool> _version = Flag("--version", "-v");
    private readonly Option<bool> _help = Flag("--help", "-h");
    private readonly CanonicalTokens _tokens;
    private readonly ParseResult _parsed;

    /// <summary>Reads the line's form; values are looked at by <see cref="Read"/>.</summary>
    /// <exception cref="UsageException">An unknown option, a value missing, or one given where none belongs.</exception>
    public MeshCommand(IReadOnlyList<string> arguments, string invokedAs)
    {
        var command = new Command(invokedAs)
        {
            _servers, _bind, _ping, _threshold, _interval, _metrics, _silence, _retention, _maxPeers, _allow,
            _disableMetrics, _quiet, _debug, _realtime, _version, _help,
        };
        _tokens = CanonicalTokens.Of(command, arguments, invokedAs);

        // Without a replacer: @name is no file of arguments.
        _parsed = command.Parse(_tokens.Tokens, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (_parsed.Errors is [var error, ..])
        {
            throw new UsageException(UsageException.Echo(error.Message));
        }
    }

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp => _parsed.GetValue(_help);

    /// <summary>True where the version was asked for.</summary>
    public bool WantsVersion => _parsed.GetValue(_version);

    /// <summary>The arguments with their values checked.</summary>
    /// <exception cref="UsageException">A value that can't be.</exception>
    public MeshArguments Read()
    {
        var defaults = new MeshArguments();
        var ping = Milliseconds(_ping, PingRange) ?? defaults.Ping;
        return defaults with
        {
            Servers = [.. (_parsed.GetValue(_servers) ?? []).Select(ReadServer).Distinct()],
            Bind = ReadBind() ?? defaults.Bind,
            Ping = ping,
            Threshold = Milliseconds(_threshold, ThresholdRange) ?? defaults.Threshold,
            Interval = Seconds(_interval, IntervalRange) ?? defaults.Interval,
            Silence = ReadSilence(ping) ?? Duration.Max(defaults.Silence, ping * 3),
            Retention = Seconds(_retention, RetentionRange) ?? defaults.Retention,
            Metrics = ReadMetrics(defaults),
            Allow = ReadAllow(),
            MaxPeers = Last(_maxPeers) is { } peers ? (int)PeersRange.Read(_tokens.Spelling(_maxPeers), peers) : defaults.MaxPeers,
            Quiet = _parsed.GetValue(_quiet),
            Debug = _parsed.GetValue(_debug),
            Realtime = _parsed.GetValue(_realtime),
        };
    }

    private static Option<string[]> Value(string name, string description, params string[] aliases) =>
        new(name, aliases) { Arity = ArgumentArity.OneOrMore, Description = description };

    private static Option<bool> Flag(string name, params string[] aliases) => new(name, aliases) { Arity = ArgumentArity.Zero };

    private static HostPort ReadServer(string text)
    {
        if (!HostPort.TryParse(text, out var server, out var problem))
        {
            throw new UsageException($"{UsageException.Echo(text)}: {problem}");
        }

        return NamesNoHost(server) is { } reason ? throw new UsageException($"{UsageException.Echo(text)}: {reason}") : server;
    }

    private static string? NamesNoHost(HostPort host) => host.ToEndpoint() switch
    {
        { IsUnspecified: true } => $"{host.Host} names no host",
        { IsMulticast: true } => $"{host.Host} names no single host",
        { IsLinkLocalV6: true } => $"{host.Host} is link-local: it means nothing without an interface, and heartbeats carry addresses only",
        _ => null,
    };

    private string? Last(Option<string[]> option) => _parsed.GetValue(option) is [.., var last] ? last : null;

    private Duration? Milliseconds(Option<string[]> option, NumberRange range) =>
        Last(option) is { } text ? new Duration((long)(range.Read(_tokens.Spelling(option), text) * 1_000_000)) : null;

    private Duration? Seconds(Option<string[]> option, NumberRange range) =>
        Last(option) is { } text ? new Duration((long)(range.Read(_tokens.Spelling(option), text) * 1_000_000_000)) : null;

    private HostPort? ReadBind()
    {
        if (Last(_bind) is not { } text)
        {
            return null;
        }

        var start = $"{_tokens.Spelling(_bind)} {UsageException.Echo(text)}";
        if (!HostPort.TryParse(text, out var bind, out var problem))
        {
            throw new UsageException($"{start}: {problem}");
        }

        if (bind.ToEndpoint() is { IsUnspecified: true })
        {
            throw new UsageException($"{start}: the bind address is this node's identity, by which the others must reach it; give one of this host's addresses, as in -b 192.0.2.7");
        }

        return NamesNoHost(bind) is { } reason ? throw new UsageException($"{start}: {reason}") : bind;
    }

    private Duration? ReadSilence(Duration ping)
    {
        var silence = Seconds(_silence, SilenceRange);
        return silence < ping * 2
            ? throw new UsageException($"{_tokens.Spelling(_silence)} {UsageException.Echo(Last(_silence)!)}: the silence must be at least two ping intervals ({(ping * 2).Seconds} s)")
            : silence;
    }

    private MetricsBind? ReadMetrics(MeshArguments defaults)
    {
        var metrics = defaults.Metrics;
        if (Last(_metrics) is { } text && !MetricsBind.TryParse(text, out metrics, out var problem))
        {
            throw new UsageException($"{_tokens.Spelling(_metrics)} {UsageException.Echo(text)}: {problem}");
        }

        return _parsed.GetValue(_disableMetrics) ? null : metrics;
    }

    private ImmutableArray<AddressNetwork> ReadAllow() => [.. (_parsed.GetValue(_allow) ?? []).Select(ReadNetwork)];

    // The address is read by our rules first: the network's own reader takes 10.1 for 10.0.0.1.
    private AddressNetwork ReadNetwork(string text)
    {
        var isAddress = HostText.ReadHost(text.Split('/')[0], out _, out var isLiteral) is null && isLiteral;
        return isAddress && AddressNetwork.TryParse(text, out var network)
            ? network
            : throw new UsageException($"{_tokens.Spelling(_allow)} {UsageException.Echo(text)}: not a network; it is written as in 192.0.2.0/24 or 2001:db8::/32");
    }
}
