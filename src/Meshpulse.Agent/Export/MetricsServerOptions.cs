using System.Net.Security;

namespace Meshpulse.Agent.Export;

/// <summary>What a <see cref="MetricsServer"/> is given. The bounds have working defaults; tests narrow them.</summary>
public sealed class MetricsServerOptions
{
    /// <summary>Where to listen.</summary>
    public required MetricsListenSpec Listen { get; init; }

    /// <summary>
    /// Writes all families, from immutable snapshots: it is called by several scrapes at once, on pool threads, and must not wait.
    /// </summary>
    public required Action<ExpositionWriter> WriteFamilies { get; init; }

    /// <summary>With which certificate it is served; null for plain HTTP.</summary>
    public SslStreamCertificateContext? Tls { get; init; }

    /// <summary>True once the agent does its work; false or an exception answers 503 on <c>/-/ready</c>.</summary>
    public Func<bool> IsReady { get; init; } = static () => true;

    /// <summary>Paths of other rooms. One for <c>/</c> takes the place of the built-in page.</summary>
    public IReadOnlyList<HttpRoute> Routes { get; init; } = [];

    /// <summary>Told of what a handler threw, for the log; called from any thread, as often as it happens.</summary>
    public Action<Exception>? OnFailure { get; init; }

    /// <summary>Connections at one time. Above it, the one whose last request began longest ago is cut.</summary>
    public int MaxConnections { get; init; } = 128;

    /// <summary>Pages being sent at one time, each of which holds its text in memory. Above it, the oldest is cut.</summary>
    public int MaxScrapes { get; init; } = 8;

    /// <summary>From a request's first byte to the end of its headers. Checked once a second.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection may be silent between requests: more than the usual scrape interval of a minute.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long sending a page may take. Prometheus gives up after 10 s by default; no one waits for the rest.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
