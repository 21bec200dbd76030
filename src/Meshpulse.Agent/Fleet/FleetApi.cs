using System.Globalization;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Meshpulse.Agent.Fleet;

/// <summary>What an agent answers on its HTTP port to other nodes, to <c>meshpulse diagnose</c> and to who asks for the description of it.</summary>
/// <param name="board">Our slices.</param>
/// <param name="verdicts">What we say now.</param>
/// <param name="keys">Who asks for slices has to sign with one of these; null where anybody may ask who reaches the port.</param>
/// <param name="limits">What a source may ask for; null for the usual.</param>
internal sealed class FleetApi(SliceBoard board, Func<VerdictDocument> verdicts, ShareKeys? keys, SourceLimits? limits = null)
{
    public const string SlicesPath = "/api/v1/slices";
    public const string VerdictsPath = "/api/v1/verdicts";
    public const string OpenApiPath = "/api/v1/openapi.json";

    /// <summary>The longest wait, in ms.</summary>
    public const int MaxWait = 2_000;

    private static readonly Lazy<byte[]> s_openApi = new(ReadOpenApi);

    private readonly SourceLimits _limits = limits ?? new SourceLimits();
    private long _served;
    private long _limited;
    private long _refused;
    private long _wrong;

    /// <summary>For the HTTP server.</summary>
    public IReadOnlyList<HttpRoute> Routes =>
    [
        new(SlicesPath, context => LimitedAsync(context, AnswerSlicesAsync), HttpMethods.Get),
        new(VerdictsPath, context => LimitedAsync(context, AnswerVerdictsAsync), HttpMethods.Get),
        new(OpenApiPath, context => LimitedAsync(context, AnswerOpenApiAsync), HttpMethods.Get),
    ];

    /// <summary>The requests so far by what became of them.</summary>
    public IEnumerable<(string Outcome, long Count)> Requests =>
    [
        ("served", Interlocked.Read(ref _served)),
        ("limited", Interlocked.Read(ref _limited)),
        ("refused", Interlocked.Read(ref _refused)),
        ("wrong", Interlocked.Read(ref _wrong)),
    ];

    private static byte[] ReadOpenApi()
    {
        using var stream = typeof(FleetApi).Assembly.GetManifestResourceStream("openapi.json")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private async Task LimitedAsync(HttpContext context, Func<HttpContext, Task<int>> answer)
    {
        if (CrossSite.IsFrom(context.Request))
        {
            Interlocked.Increment(ref _refused);
            await HttpReply.TextAsync(context, StatusCodes.Status403Forbidden, CrossSite.Refusal);
            return;
        }

        var source = context.Connection.RemoteIpAddress;
        if (!_limits.TryBegin(source))
        {
            Interlocked.Increment(ref _limited);
            context.Response.Headers.RetryAfter = "1";
            await HttpReply.TextAsync(context, StatusCodes.Status429TooManyRequests, "too many requests, or too many that wait\n");
            return;
        }

        var bytes = 0;
        try
        {
            bytes = await answer(context);
        }
        finally
        {
            _limits.End(source, bytes);
        }
    }

    private async Task<int> AnswerSlicesAsync(HttpContext context)
    {
        ShareSeal seal = default;
        if (keys is not null && !keys.TryVerifyRequest(context.Request.Headers[ShareKeys.Header], context.Request.Method, TargetOf(context), out seal))
        {
            Interlocked.Increment(ref _refused);
            await HttpReply.TextAsync(context, StatusCodes.Status401Unauthorized, "slices are told to holders of the shared key only\n");
            return 0;
        }

        if (!TryReadQuery(context.Request.Query, out var after, out var run, out var wait))
        {
            Interlocked.Increment(ref _wrong);
            await HttpReply.TextAsync(context, StatusCodes.Status400BadRequest, $"after=NUMBER&run=16 HEX DIGITS&wait=MS, at most {MaxWait} ms\n");
            return 0;
        }

        var body = await board.ReadAsync(after, run, TimeSpan.FromMilliseconds(wait), context.RequestAborted);
        if (keys is not null)
        {
            context.Response.Headers[ShareKeys.Header] = keys.SignAnswer(seal, StatusCodes.Status200OK, body);
        }

        return await SendAsync(context, body);
    }

    private Task<int> AnswerVerdictsAsync(HttpContext context) => SendAsync(context, FleetJson.Write(verdicts()));

    private Task<int> AnswerOpenApiAsync(HttpContext context) => SendAsync(context, s_openApi.Value);

    private async Task<int> SendAsync(HttpContext context, byte[] body)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        Interlocked.Increment(ref _served);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return 0;
        }

        await response.Body.WriteAsync(body, context.RequestAborted);
        return body.Length;
    }

    /// <summary>Path and query as they were sent: what was signed.</summary>
    private static string TargetOf(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    private static bool TryReadQuery(IQueryCollection query, out long after, out ulong? run, out int wait)
    {
        (after, run, wait) = (0, null, 0);
        if (query["run"] is [{ } text])
        {
            if (!RunConverter.TryParse(text, out var read))
            {
                return false;
            }

            run = read;
        }

        return (query["after"] is not [{ } number] || (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out after) && after <= BoundedInt64.Most))
            && (query["wait"] is not [{ } span] || (int.TryParse(span, NumberStyles.None, CultureInfo.InvariantCulture, out wait) && wait <= MaxWait));
    }
}
