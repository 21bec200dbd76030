using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Meshpulse.Agent.Export;

/// <summary>
/// The agent's HTTP port: <c>/metrics</c>, <c>/-/healthy</c>, <c>/-/ready</c>, a page that names them, and the routes of other rooms.
/// <para>
/// The problem: the port stands open to whoever reaches it, in a process whose business is to be on time. A web host's defaults
/// are made for the opposite: megabytes of headers and bodies, minutes of patience, configuration from files and variables, services that a
/// probe never needs. What we do: Kestrel alone, on a socket that we bind ourselves (so that a taken port is one plain line and not a stack
/// trace), with every size, time and number bounded, and HTTP/1 only, which is what scrapers speak. At each bound the
/// connection that was idle longest loses, never the newcomer (<see cref="BoundedAdmission"/>).
/// </para>
/// </summary>
public sealed class MetricsServer : IAsyncDisposable
{
    private const int Backlog = 64;
    private const long CutAndNotEnded = 512;

    /// <summary>What <c>/</c> answers to who takes no HTML.</summary>
    internal const string IndexText = "Meshpulse\n\n/metrics\n/-/healthy\n/-/ready\n";

    // A graceful end within half a second: what still hangs after the first part is cut, and what can't be cut (a handler that blocks)
    // is left behind after the second.
    private static readonly TimeSpan GracePeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StopLimit = TimeSpan.FromMilliseconds(450);

    private readonly BoundedAdmission _connections;
    private readonly ScrapeHandler _scrapes;
    private readonly KestrelServer _kestrel;
    private readonly Lazy<Task> _stop;

    private MetricsServer(MetricsServerOptions options, Socket listener)
    {
        LocalEndPoint = (IPEndPoint)listener.LocalEndPoint!;
        IsTls = options.Tls is not null;
        _connections = new BoundedAdmission(options.MaxConnections);
        _scrapes = new ScrapeHandler(options, WriteOwnFamilies);
        var transport = new SocketTransportOptions { CreateBoundListenSocket = _ => listener, Backlog = Backlog, IOQueueCount = 1 };
        _kestrel = new KestrelServer(
            Options.Create(KestrelOptions(options)),
            new SocketTransportFactory(Options.Create(transport), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        _stop = new Lazy<Task>(StopAsync);
    }

    /// <summary>The address and port that it listens on, the port being the real one where 0 was asked for.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>It is served over TLS.</summary>
    public bool IsTls { get; }

    /// <summary>How many pages were lost because writing them threw.</summary>
    public long FailedScrapes => _scrapes.Failed;

    /// <summary>Opens the port and begins to answer.</summary>
    /// <param name="options">What to serve, where, and the bounds.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="MetricsStartException">The port is taken, or the address is not this host's.</exception>
    /// <exception cref="ArgumentException">Two routes have one path, or the port is not of its range.</exception>
    public static async Task<MetricsServer> StartAsync(MetricsServerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var listener = options.Listen.Open(Backlog);
        MetricsServer? server = null;
        try
        {
            server = new MetricsServer(options, listener);
            var dispatcher = new HttpDispatcher(new RouteTable(server.AllRoutes(options)), options.OnFailure);
            await server._kestrel.StartAsync(dispatcher, cancellationToken);
            return server;
        }
        catch
        {
            listener.Dispose();
            server?._kestrel.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Stops listening, lets answers under way finish for a moment, then cuts them. Takes at most half a second, whoever hangs.
    /// </summary>
    public async ValueTask DisposeAsync() => await _stop.Value;

    private IEnumerable<HttpRoute> AllRoutes(MetricsServerOptions options)
    {
        yield return new HttpRoute("/metrics", _scrapes.AnswerAsync, HttpMethods.Get);
        yield return new HttpRoute("/-/healthy", static c => HttpReply.TextAsync(c, StatusCodes.Status200OK, "ok\n"), HttpMethods.Get);
        yield return new HttpRoute("/-/ready", c => AnswerReadyAsync(c, options), HttpMethods.Get);
        if (!options.Routes.Any(r => r.Path == "/"))
        {
            yield return new HttpRoute("/", static c => HttpReply.TextAsync(c, StatusCodes.Status200OK, IndexText), HttpMethods.Get);
        }

        foreach (var route in options.Routes)
        {
            yield return route;
        }
    }

    private static Task AnswerReadyAsync(HttpContext context, MetricsServerOptions options)
    {
        var ready = false;
        try
        {
            ready = options.IsReady();
        }
#pragma warning disable CA1031 // An agent that can't tell is not ready.
        catch (Exception e)
#pragma warning restore CA1031
        {
            options.OnFailure?.Invoke(e);
        }

        return ready
            ? HttpReply.TextAsync(context, StatusCodes.Status200OK, "ready\n")
            : HttpReply.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "not ready\n");
    }

    private KestrelServerOptions KestrelOptions(MetricsServerOptions options)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = NoServices.Instance };
        var limits = kestrel.Limits;
        limits.MaxRequestLineSize = 4 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestBufferSize = 32 * 1024;
        limits.MaxRequestBodySize = 0;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.KeepAliveTimeout = options.KeepAliveTimeout;
        // Above our own bound are only connections that were cut and have not ended yet. Here the newcomer would lose, so it is far away.
        limits.MaxConcurrentConnections = options.MaxConnections + CutAndNotEnded;
        kestrel.Listen(LocalEndPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => ConnectionSeat.RunAsync(_connections, connection, next));
            if (options.Tls is { } identity)
            {
                // After the seat: who does not finish his greeting has one, and loses it to others.
                listen.Use(next => connection => TlsConnection.RunAsync(identity, connection, next));
            }
        });
        return kestrel;
    }

    private void WriteOwnFamilies(ExpositionWriter writer)
    {
        writer.Family("meshpulse_scrapes", MetricKind.Counter, "Requests for this page by how they ended, this one not counted.");
        writer.Sample(_scrapes.Served, new Label("outcome", "served"));
        writer.Sample(_scrapes.Failed, new Label("outcome", "failed"));
        writer.Sample(_scrapes.Evicted, new Label("outcome", "displaced"));
        writer.Family(
            "meshpulse_http_displaced_connections",
            MetricKind.Counter,
            "Connections cut, the longest idle first, to make room for a newer one.");
        writer.Sample(_connections.Evicted);
    }

    private async Task StopAsync()
    {
        // Kestrel waits a second of its own for what it has cut, and disposing waits for stopping.
        var ended = EndAsync();
        if (await Task.WhenAny(ended, Task.Delay(StopLimit)) == ended)
        {
            await ended;
        }
    }

    private async Task EndAsync()
    {
        using var grace = new CancellationTokenSource(GracePeriod);
        await _kestrel.StopAsync(grace.Token);
        _kestrel.Dispose();
    }

    /// <summary>Kestrel asks for optional services; there are none.</summary>
    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
