using System.IO.Compression;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Api;

/// <summary>
/// Stands before everything under <c>/api/v1/</c>: pages of other sites, who has no token and who asks too much get no further. Counts what became of each,
/// and sends the answers, compressed where that is worth it.
/// </summary>
/// <param name="token">What a request has to know; null for nothing.</param>
/// <param name="limits">What a source may ask for; null for the usual.</param>
internal sealed class ApiGate(ApiToken? token = null, SourceLimits? limits = null)
{
    private const int WorthCompressing = 1_400;
    private const int MaxCompressing = 2;

    private readonly SourceLimits _limits = limits ?? new SourceLimits();
    private int _compressing;
    private long _served;
    private long _limited;
    private long _refused;
    private long _wrong;

    /// <summary>The requests so far by what became of them.</summary>
    public IEnumerable<(string Outcome, long Count)> Requests =>
    [
        ("served", Interlocked.Read(ref _served)),
        ("limited", Interlocked.Read(ref _limited)),
        ("refused", Interlocked.Read(ref _refused)),
        ("wrong", Interlocked.Read(ref _wrong)),
    ];

    /// <summary>Whether a token is wanted.</summary>
    public bool HasToken => token is not null;

    /// <summary>Whether a request has the token that is wanted.</summary>
    public bool KnowsToken(HttpContext context) => token is null || token.IsIn(context.Request.Headers.Authorization);

    /// <summary>A route behind the gate.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="answer">Answers, and gives how many bytes it sent.</param>
    /// <param name="needsToken">False where the answer looks at who asks itself.</param>
    public HttpRoute Route(string path, Func<HttpContext, Task<int>> answer, bool needsToken = true) =>
        new(path, context => PassAsync(context, answer, needsToken), HttpMethods.Get);

    /// <summary>A route whose answer goes on: its own bound holds for that, not that of requests that wait.</summary>
    public HttpRoute LongRoute(string path, Func<HttpContext, Task<int>> answer) =>
        new(path, context => PassAsync(context, answer, needsToken: true, isLong: true), HttpMethods.Get);

    /// <summary>Answers with a document.</summary>
    public Task<int> TellAsync<T>(HttpContext context, T document)
        where T : class => SendAsync(context, ApiJson.Write(document));

    /// <summary>Answers with JSON that is written.</summary>
    public async Task<int> SendAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        Describe(response);
        Interlocked.Increment(ref _served);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            response.ContentLength = body.Length;
            return 0;
        }

        // Who finds others at it gets the bytes as they are: a queue would be worth more to an attacker than to a reader.
        if (body.Length >= WorthCompressing && CodingOf(context.Request) is { } coding && TryCompress(body, coding) is { } compressed)
        {
            body = compressed;
            response.Headers.ContentEncoding = coding;
        }

        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
        return body.Length;
    }

    /// <summary>Refuses a request that asks for something that can't be.</summary>
    public Task<int> WrongAsync(HttpContext context, string error)
    {
        Interlocked.Increment(ref _wrong);
        return FailAsync(context, StatusCodes.Status400BadRequest, error);
    }

    /// <summary>Refuses a request for want of a token or a key.</summary>
    public Task<int> RefuseAsync(HttpContext context, string error)
    {
        Interlocked.Increment(ref _refused);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return FailAsync(context, StatusCodes.Status401Unauthorized, error);
    }

    /// <summary>Answers that there is none, and why.</summary>
    public static async Task<int> FailAsync(HttpContext context, int status, string error)
    {
        var body = ApiJson.Write(new ErrorDocument(error));
        var response = context.Response;
        response.StatusCode = status;
        Describe(response);
        response.ContentLength = body.Length;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return 0;
        }

        await response.Body.WriteAsync(body, context.RequestAborted);
        return body.Length;
    }

    /// <summary>The coding that a request takes and we have: <c>br</c>, which browsers name over TLS only, or <c>gzip</c>; null for none.</summary>
    public static string? CodingOf(HttpRequest request)
    {
        var accepted = request.Headers.AcceptEncoding.ToString();
        return MetricsNegotiation.Takes(accepted, "br") ? "br" : MetricsNegotiation.Takes(accepted, "gzip") ? "gzip" : null;
    }

    private static void Describe(HttpResponse response)
    {
        response.ContentType = "application/json";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept-Encoding";
    }

    private ReadOnlyMemory<byte>? TryCompress(ReadOnlyMemory<byte> body, string coding)
    {
        try
        {
            return Interlocked.Increment(ref _compressing) <= MaxCompressing ? Compress(body, coding) : null;
        }
        finally
        {
            Interlocked.Decrement(ref _compressing);
        }
    }

    private static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> body, string coding)
    {
        using var compressed = new MemoryStream(body.Length / 3);
        using (Stream stream = coding == "br"
            ? new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true)
            : new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(body.Span);
        }

        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }

    private async Task PassAsync(HttpContext context, Func<HttpContext, Task<int>> answer, bool needsToken, bool isLong = false)
    {
        if (CrossSite.IsFrom(context.Request))
        {
            Interlocked.Increment(ref _refused);
            await FailAsync(context, StatusCodes.Status403Forbidden, CrossSite.Refusal.TrimEnd('\n'));
            return;
        }

        var source = context.Connection.RemoteIpAddress;
        if (!_limits.TryBegin(source))
        {
            Interlocked.Increment(ref _limited);
            context.Response.Headers.RetryAfter = "1";
            await FailAsync(context, StatusCodes.Status429TooManyRequests, "too many requests, or too many that wait; try again in a second");
            return;
        }

        if (isLong)
        {
            _limits.End(source, 0);
        }

        var bytes = 0;
        try
        {
            bytes = needsToken && !KnowsToken(context)
                ? await RefuseAsync(context, "this node wants the token of its --api-token-file: Authorization: Bearer TOKEN")
                : await answer(context);
        }
        finally
        {
            if (!isLong)
            {
                _limits.End(source, bytes);
            }
        }
    }
}
