using System.Net.Http.Headers;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fetching;

/// <summary>
/// The HTTP check's probe: one GET over a connection of its own, every phase measured.
/// <para>
/// Each fetch looks the name up, connects, shakes hands and asks anew: no connection, TLS session, cookie or look-up of ours is used
/// twice (the system's resolver may have a cache). HTTP/1.1 only; no redirects, proxy (whatever the environment says), credentials or
/// decompression. TLS is verified with the system's trust, name and chain; revocation is not checked and missing intermediates are not fetched.
/// </para>
/// <para>
/// Read the figures with this in mind: they are taken on the thread pool. Each phase ends when a thread of the pool runs on, after the
/// event itself; on a busy host that is milliseconds later, and it is inside the figure. The probing thread's figures, with kernel stamps, are the ones to
/// judge a path by. The TLS phase has our own computing in it, the chain's verification included. Looking a name up waits for a look-up
/// of the same name that is under way, and holds a pool thread as long as the system's resolver takes, up to its own timeout, even where the fetch has ended.
/// </para>
/// <para>Bounds: a head of 32 KiB, a body of 1 MiB, 2 MiB of bytes with framing, the first 8 addresses of a name. Many fetches may run at once, from any thread.</para>
/// </summary>
public sealed class HttpFetcher : IDisposable
{
    /// <summary>The longest timeout that can be asked for: an hour.</summary>
    public static readonly Duration MaxTimeout = Duration.FromSeconds(3_600);

    private const int MaxDscp = 63;

    private readonly ProductInfoHeaderValue _userAgent;
    private readonly FetchSurroundings _surroundings;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;

    /// <summary>Makes a fetcher that calls itself <c>meshpulse/VERSION</c>.</summary>
    /// <param name="version">A token of RFC 9110 section 5.6.2, such as <c>0.1.0</c>.</param>
    /// <exception cref="FormatException">The version is no token.</exception>
    /// <exception cref="ArgumentException">The version is empty.</exception>
    public HttpFetcher(string version)
        : this(version, new FetchSurroundings())
    {
    }

    /// <summary>The same with other surroundings; for tests.</summary>
    internal HttpFetcher(string version, FetchSurroundings surroundings)
    {
        ArgumentException.ThrowIfNullOrEmpty(version);
        (_userAgent, _surroundings, _closed) = (new ProductInfoHeaderValue("meshpulse", version), surroundings, _closing.Token);
    }

    /// <summary>
    /// Fetches once. Whatever the network or the server does becomes figures. It is lost (<see cref="HttpFigures.Failure"/> is set)
    /// where the status is not 2xx or 3xx, where nothing or something broken came, and where the answer was not whole within the timeout. A body
    /// beyond its bound is no loss: the connection is closed and the total counts what was read. Phases that ended before a failure keep their figures.
    /// </summary>
    /// <param name="url">Absolute, http or https. A user's name in it is not sent.</param>
    /// <param name="timeout">For everything together, above zero, at most <see cref="MaxTimeout"/>; kept to the millisecond, rounded up.</param>
    /// <param name="dscp">Differentiated services code point of every packet, 0 to 63 (RFC 2474); ignored where the kernel refuses it.</param>
    /// <param name="stop">Gives the fetch up.</param>
    /// <returns>The figures, with <see cref="HttpFigures.Failure"/> one line of printable ASCII of at most 200 characters.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled, or the fetcher disposed meanwhile.</exception>
    /// <exception cref="ArgumentException">The URL is not of its kind, or a number is out of its range.</exception>
    /// <exception cref="ObjectDisposedException">The fetcher was disposed before.</exception>
    public Task<HttpFigures> FetchAsync(Uri url, Duration timeout, int dscp, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.IsAbsoluteUri || url.IdnHost.Length == 0 || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException("must be an absolute http or https URL", nameof(url));
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, Duration.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, MaxTimeout);
        ArgumentOutOfRangeException.ThrowIfNegative(dscp);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dscp, MaxDscp);
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
        return RunAsync(url, timeout, dscp, stop);
    }

    /// <summary>Ends the fetches under way: they throw <see cref="OperationCanceledException"/>.</summary>
    public void Dispose()
    {
        if (!_closed.IsCancellationRequested)
        {
            _closing.Cancel();
            _closing.Dispose();
        }
    }

    /// <summary>For timers, which know milliseconds: rounded up, and not below zero.</summary>
    internal static TimeSpan Span(Duration span) => TimeSpan.FromMilliseconds((Math.Max(0, span.Nanoseconds) + 999_999) / 1_000_000);

    private async Task<HttpFigures> RunAsync(Uri url, Duration timeout, int dscp, CancellationToken stop)
    {
        using var run = new FetchRun(url, timeout, dscp, _userAgent, _surroundings);
        using var alarm = new CancellationTokenSource(Span(timeout), _surroundings.Alarms);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, stop, _closed);
        try
        {
            stop.ThrowIfCancellationRequested();
            await run.RunAsync(ended.Token);
            return run.Figures(null, isTimeout: false);
        }
#pragma warning disable CA1031 // Whatever a server makes a library throw is a finding about that server; a caller's loop must not end by it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            stop.ThrowIfCancellationRequested();
            _closed.ThrowIfCancellationRequested();
            return run.Figures(e, alarm.IsCancellationRequested);
        }
    }
}
