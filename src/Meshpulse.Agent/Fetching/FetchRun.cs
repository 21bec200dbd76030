using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Fetching;

/// <summary>
/// One fetch: everything that belongs to it and to no other.
/// <para>
/// The problem: a client that is made for throughput hides what is measured here. Its pool gives a request the connection that
/// another one opened, opens one in the background that outlives the request (and the request's timeout), sends a request again
/// where a connection closes without an answer, and tells of an answer when its whole head is there.
/// </para>
/// <para>
/// What we do: look up, connect and shake hands ourselves, one after the other, each with the fetch's own token and stamps, and
/// then give the finished connection to the platform's handler, which has one request and is thrown away with it. HTTP/1.1's framing, the part in
/// which hostile bytes are read, stays the library's. A stream of our own between the two sees the bytes pass. The handler costs some tens
/// of microseconds, none of which falls into a phase; they are in the total.
/// </para>
/// </summary>
internal sealed class FetchRun(Uri url, Duration timeout, int dscp, ProductInfoHeaderValue userAgent, FetchSurroundings surroundings) : IDisposable
{
    private const int HeadKilobytes = 32;
    private const int MaxBody = 1024 * 1024;

    // Chunk framing and interim answers are no body, so they have a bound of their own.
    private const int MaxRead = 2 * MaxBody;

    private readonly MonoTime _begin = SystemClocks.Mono();
    private readonly CertificateReview _certificate = new(surroundings.Roots);
    private FetchPhase _phase;
    private Stream? _connection;
    private MeasuredStream? _exchange;
    private Duration? _resolve;
    private Duration? _connect;
    private Duration? _tls;
    private Duration? _total;
    private int? _status;

    private FetchPhase Phase => _phase != FetchPhase.Send ? _phase : _exchange switch
    {
        { FirstRead: not null } => FetchPhase.Head,
        { LastWrite: not null } => FetchPhase.FirstByte,
        _ => FetchPhase.Send,
    };

    /// <summary>Goes through the phases; throws what ends it early.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var socket = await ConnectAsync(await AddressesAsync(stop), stop);
        _connection = new NetworkStream(socket, ownsSocket: true);
        if (url.Scheme == Uri.UriSchemeHttps)
        {
            await SecureAsync(stop);
        }

        await ExchangeAsync(stop);
        _total = (_exchange?.LastRead ?? SystemClocks.Mono()) - _begin;
    }

    /// <summary>What was found.</summary>
    /// <param name="failure">What ended it early; null where nothing did.</param>
    /// <param name="isTimeout">Whether that was the timeout.</param>
    public HttpFigures Figures(Exception? failure, bool isTimeout)
    {
        // A bad status tells more than what became of its body.
        var words = _status is { } status and not (>= 200 and < 400) ? $"status {status}"
            : failure is null ? null
            : isTimeout ? FailureText.TimedOut(timeout, Phase)
            : FailureText.Of(failure, Phase, _exchange);
        var firstByte = _exchange is { FirstRead: { } first, LastWrite: { } sent } ? first - sent : (Duration?)null;
        return new HttpFigures(_status, _resolve, _connect, _tls, firstByte, _total, _certificate.DaysLeft, words);
    }

    /// <inheritdoc />
    public void Dispose() => _connection?.Dispose();

    private async Task<IReadOnlyList<IPAddress>> AddressesAsync(CancellationToken stop)
    {
        if (TargetAddresses.Literal(url) is { } literal)
        {
            return [literal];
        }

        _phase = FetchPhase.Resolve;
        var addresses = await TargetAddresses.ResolveAsync(url.IdnHost, surroundings, stop);
        _resolve = SystemClocks.Mono() - _begin;
        return addresses;
    }

    private async Task<Socket> ConnectAsync(IReadOnlyList<IPAddress> addresses, CancellationToken stop)
    {
        _phase = FetchPhase.Connect;
        var begin = SystemClocks.Mono();
        var failures = new List<string>();
        for (var i = 0; ; i++)
        {
            var left = addresses.Count - i;
            if (left == 0)
            {
                throw new FetchFailedException(FailureText.Line($"cannot connect to {string.Join("; ", failures)}"));
            }

            // Each address gets an equal part of the time that is left, or the first that swallows packets would be the only one.
            var patience = (timeout - (SystemClocks.Mono() - _begin)) / left;
            using var share = left == 1
                ? new CancellationTokenSource()
                : new CancellationTokenSource(HttpFetcher.Span(patience), surroundings.Alarms);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(share.Token, stop);
            try
            {
                var socket = await TargetSocket.ConnectAsync(new IPEndPoint(addresses[i], url.Port), dscp, either.Token);
                _connect = SystemClocks.Mono() - begin;
                return socket;
            }
            catch (SocketException e)
            {
                failures.Add($"{addresses[i]}: {FailureText.Reason(e)}");
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                failures.Add($"{addresses[i]}: no answer");
            }
        }
    }

    private async Task SecureAsync(CancellationToken stop)
    {
        _phase = FetchPhase.Tls;
        var begin = SystemClocks.Mono();
        var secured = new SslStream(_connection!, leaveInnerStreamOpen: false);
        _connection = secured;
        try
        {
            await secured.AuthenticateAsClientAsync(_certificate.Options(url.IdnHost), stop);
        }
        catch (Exception e) when (_certificate.Fault is { } fault && e is not OperationCanceledException)
        {
            throw new FetchFailedException(FailureText.Line($"TLS: {fault}"));
        }

        _tls = SystemClocks.Mono() - begin;
    }

    private async Task ExchangeAsync(CancellationToken stop)
    {
        _phase = FetchPhase.Send;
        using var handler = Handler();
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.UserAgent.Add(userAgent);
        request.Headers.Accept.ParseAdd("*/*");
        request.Headers.ConnectionClose = true;
        using var response = await invoker.SendAsync(request, stop);
        var status = (int)response.StatusCode;
        if (status < 100)
        {
            throw new FetchFailedException($"broken answer: status {status}");
        }

        (_status, _phase) = (status, FetchPhase.Body);
        try
        {
            await ReadBodyAsync(response.Content, stop);
        }
        catch (Exception) when (_exchange is { IsSpent: true })
        {
            // Enough was read, if not of the body.
        }
    }

    private SocketsHttpHandler Handler() => new()
    {
        ActivityHeadersPropagator = null,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        // The library asks again where the connection closed without an answer. A second request would be another probe.
        ConnectCallback = (_, _) => _exchange is null
            ? ValueTask.FromResult(_connection!)
            : ValueTask.FromException<Stream>(new IOException("the connection is used up")),
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = HeadKilobytes,
        PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(_exchange = new MeasuredStream(context.PlaintextStream, MaxRead)),
        PooledConnectionLifetime = TimeSpan.Zero,
        PreAuthenticate = false,
        ResponseDrainTimeout = TimeSpan.Zero,
        UseCookies = false,
        UseProxy = false,
    };

    private static async Task ReadBodyAsync(HttpContent content, CancellationToken stop)
    {
        var body = await content.ReadAsStreamAsync(stop);
        var buffer = new byte[16 * 1024];
        for (var total = 0; total < MaxBody;)
        {
            var count = await body.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, MaxBody - total)), stop);
            if (count == 0)
            {
                return;
            }

            total += count;
        }
    }
}
