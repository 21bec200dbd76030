using System.Collections.Immutable;
using System.CommandLine;
using Meshpulse.Agent.History;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Commands;

/// <summary>The options of a node of the mesh and what their values mean, wherever such a node may be started.</summary>
internal sealed class MeshOptionSet
{
    private const decimal Day = 86_400;

    private static readonly NumberRange PingRange = new("the ping interval", "ms", 0.1m, 60_000, "5");
    private static readonly NumberRange ThresholdRange = new("the threshold", "ms", 1, Day * 1000, "20");
    private static readonly NumberRange IntervalRange = new("the report interval", "s", 1, Day, "10");
    private static readonly NumberRange SilenceRange = new("the silence", "s", 0.1m, Day, "10");
    private static readonly NumberRange RetentionRange = new("the retention", "s", 0, Day, "60");
    private static readonly NumberRange PeersRange = new("the number of peers", "", 1, ushort.MaxValue, "2000");

    private readonly Option<string[]> _bind = CommandOption.Value("--bind", "this node's address and port, as in 192.0.2.7 or 192.0.2.7:12222", "-b");
    private readonly Option<string[]> _ping = CommandOption.Value("--ping", "the ping interval in ms (default 5)", "-p");
    private readonly Option<string[]> _threshold = CommandOption.Value("--threshold", "the threshold in ms (default 20)", "-t");
    private readonly Option<string[]> _interval = CommandOption.Value("--interval", "the report interval in s (default 10)", "-i");
    private readonly Option<string[]> _metrics = CommandOption.Value("--metrics-bind", "where the metrics are served, as in 12223, :12223 or 192.0.2.7:12223", "-m");
    private readonly Option<string[]> _silence = CommandOption.Value("--silence", "the silence in s after which a peer is closed (default 10)");
    private readonly Option<string[]> _retention = CommandOption.Value("--retention", "how long in s a departed peer's metrics stay (default 60)");
    private readonly Option<string[]> _maxPeers = CommandOption.Value("--max-peers", "the most peers at once (default 2000)");
    private readonly Option<string[]> _allow = CommandOption.Value("--allow", "a network whose addresses may be peers, as in 192.0.2.0/24");
    private readonly Option<string[]> _shareKeyFile = CommandOption.Value("--share-key-file", "a file with a key on each line, in hexadecimal");
    private readonly Option<string[]> _logFile = CommandOption.Value("--log-file", "the file that slices and verdicts are written to");
    private readonly Option<string[]> _apiTokenFile = CommandOption.Value("--api-token-file", "a file with the token that whoever asks has to know");
    private readonly Option<string[]> _tlsCert = CommandOption.Value("--tls-cert", "a file with this node's certificate in PEM");
    private readonly Option<string[]> _tlsKey = CommandOption.Value("--tls-key", "a file with the certificate's key in PEM");
    private readonly Option<string[]> _tlsCa = CommandOption.Value("--tls-ca", "a file with the certificates of who signs the peers' in PEM");
    private readonly Option<string[]> _history = CommandOption.Value("--history", "the folder or file that keeps what was measured");
    private readonly Option<string[]> _historySize = CommandOption.Value("--history-size", "the most bytes that the history takes, as in 512M or 4G (default 1G)");
    private readonly Option<bool> _noHistory = CommandOption.Flag("--no-history");
    private readonly Option<bool> _noShare = CommandOption.Flag("--no-share");
    private readonly Option<bool> _disableMetrics = CommandOption.Flag("--disable-metrics", "-d");
    private readonly Option<bool> _fullMetrics = CommandOption.Flag("--full-metrics");
    private readonly Option<bool> _noStamp = CommandOption.Flag("--no-stamp");
    private readonly Option<bool> _quiet = CommandOption.Flag("--quiet", "-q");
    private readonly Option<bool> _debug = CommandOption.Flag("--debug", "-x");
    private readonly Option<bool> _realtime = CommandOption.Flag("--realtime");
    private readonly Option<bool> _version = CommandOption.Flag("--version", "-v");
    private readonly Option<bool> _help = CommandOption.Flag("--help", "-h");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [.. OfMeshAlone, _metrics, _disableMetrics, _fullMetrics, _history, _historySize, _noHistory, _noStamp, _quiet, _debug, _realtime, _version, _help];

    /// <summary>Those that mean nothing without a mesh.</summary>
    public IReadOnlyList<Option> OfMeshAlone => [_bind, _ping, _threshold, _interval, _silence, _retention, _maxPeers, _allow, _noShare, _shareKeyFile, _logFile, .. OfApi];

    private IReadOnlyList<Option> OfApi => [_apiTokenFile, _tlsCert, _tlsKey, _tlsCa];

    /// <summary>No reports.</summary>
    public Option<bool> Quiet => _quiet;

    /// <summary>True where the help text was asked for.</summary>
    public bool WantsHelp(ParsedLine line) => line.Has(_help);

    /// <summary>True where the version was asked for.</summary>
    public bool WantsVersion(ParsedLine line) => line.Has(_version);

    /// <summary>True where this node's identity was given.</summary>
    public bool GivesBind(ParsedLine line) => line.IsGiven(_bind);

    /// <summary>True where the metrics' place was given, and is not merely the default.</summary>
    public bool GivesMetrics(ParsedLine line) => line.IsGiven(_metrics);

    /// <summary>The arguments with their values checked.</summary>
    /// <param name="line">The line they stand in.</param>
    /// <param name="servers">The operands that are servers.</param>
    /// <exception cref="UsageException">A value that can't be.</exception>
    public MeshArguments Read(ParsedLine line, IEnumerable<string> servers)
    {
        var defaults = new MeshArguments();
        var ping = line.Milliseconds(_ping, PingRange) ?? defaults.Ping;
        return defaults with
        {
            Servers = [.. servers.Select(ReadServer).Distinct()],
            Bind = ReadBind(line) ?? defaults.Bind,
            Ping = ping,
            Threshold = line.Milliseconds(_threshold, ThresholdRange) ?? defaults.Threshold,
            Interval = line.Seconds(_interval, IntervalRange) ?? defaults.Interval,
            Silence = ReadSilence(line, ping) ?? Duration.Max(defaults.Silence, ping * 3),
            Retention = line.Seconds(_retention, RetentionRange) ?? defaults.Retention,
            Metrics = ReadMetrics(line, defaults),
            Allow = ReadAllow(line),
            MaxPeers = line.Last(_maxPeers) is { } peers ? (int)PeersRange.Read(line.Spelling(_maxPeers), peers) : defaults.MaxPeers,
            Stamp = !line.Has(_noStamp),
            Share = !line.Has(_noShare),
            ShareKeyFile = ReadPath(line, _shareKeyFile),
            LogFile = ReadPath(line, _logFile),
            ApiTokenFile = ReadPath(line, _apiTokenFile),
            TlsCertFile = ReadTls(line),
            TlsKeyFile = ReadPath(line, _tlsKey),
            TlsCaFile = ReadPath(line, _tlsCa),
            FullMetrics = line.Has(_fullMetrics),
            History = ReadHistory(line),
            NoHistory = line.Has(_noHistory),
            HistorySize = line.Last(_historySize) is { } size ? SizeText.Read(line.Spelling(_historySize), size, HistoryOptions.MinSize) : defaults.HistorySize,
            Quiet = line.Has(_quiet),
            Debug = line.Has(_debug),
            Realtime = line.Has(_realtime),
        };
    }

    private static string? ReadPath(ParsedLine line, Option<string[]> option) =>
        line.Last(option) is { Length: 0 } ? throw new UsageException($"{line.Spelling(option)} '': a file has a name") : line.Last(option);

    /// <summary>The certificate goes with its key, and who signs the peers' goes with both.</summary>
    private string? ReadTls(ParsedLine line)
    {
        var (cert, key, ca) = (ReadPath(line, _tlsCert), ReadPath(line, _tlsKey), ReadPath(line, _tlsCa));
        return (cert, key, ca) switch
        {
            (null, not null, _) => throw new UsageException("--tls-key: not without --tls-cert"),
            (not null, null, _) => throw new UsageException("--tls-cert: not without --tls-key"),
            (null, _, not null) => throw new UsageException("--tls-ca: not without --tls-cert and --tls-key"),
            _ => cert,
        };
    }

    private string? ReadHistory(ParsedLine line) => line.Has(_noHistory) && line.IsGiven(_history)
        ? throw new UsageException($"{line.Spelling(_noHistory)}: not together with {line.Spelling(_history)}")
        : ReadPath(line, _history);

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

    private HostPort? ReadBind(ParsedLine line)
    {
        if (line.Last(_bind) is not { } text)
        {
            return null;
        }

        var start = $"{line.Spelling(_bind)} {UsageException.Echo(text)}";
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

    private Duration? ReadSilence(ParsedLine line, Duration ping)
    {
        var silence = line.Seconds(_silence, SilenceRange);
        return silence < ping * 2
            ? throw new UsageException($"{line.Spelling(_silence)} {UsageException.Echo(line.Last(_silence)!)}: the silence must be at least two ping intervals ({(ping * 2).Seconds} s)")
            : silence;
    }

    private MetricsBind? ReadMetrics(ParsedLine line, MeshArguments defaults)
    {
        var metrics = defaults.Metrics;
        if (line.Last(_metrics) is { } text && !MetricsBind.TryParse(text, out metrics, out var problem))
        {
            throw new UsageException($"{line.Spelling(_metrics)} {UsageException.Echo(text)}: {problem}");
        }

        return line.Has(_disableMetrics) ? null : metrics;
    }

    private ImmutableArray<AddressNetwork> ReadAllow(ParsedLine line) => [.. line.All(_allow).Select(text => NetworkText.Read(line.Spelling(_allow), text))];
}
