using System.Globalization;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Meshpulse.Agent.Fleet;

/// <summary>What an agent answers on its HTTP port to other nodes, to <c>meshpulse diagnose</c> and to who asks for the description of it.</summary>
/// <param name="board">Our slices.</param>
/// <param name="verdicts">What we say now, or said in a span.</param>
/// <param name="keys">Who asks for slices has to sign with one of these; null where anybody may ask who reaches the port.</param>
/// <param name="gate">Stands before all of it.</param>
internal sealed class FleetApi(SliceBoard board, Func<ApiQuery, CancellationToken, Task<VerdictDocument>> verdicts, ShareKeys? keys, ApiGate gate)
{
    public const string SlicesPath = "/api/v1/slices";
    public const string VerdictsPath = "/api/v1/verdicts";
    public const string OpenApiPath = "/api/v1/openapi.json";

    /// <summary>The longest wait, in ms.</summary>
    public const int MaxWait = 2_000;

    private static readonly Lazy<byte[]> s_openApi = new(ReadOpenApi);

    /// <summary>For the HTTP server.</summary>
    public IReadOnlyList<HttpRoute> Routes =>
    [
        gate.Route(SlicesPath, AnswerSlicesAsync, needsToken: false),
        gate.Route(VerdictsPath, AnswerVerdictsAsync),
        gate.Route(OpenApiPath, context => gate.SendAsync(context, s_openApi.Value)),
    ];

    private static byte[] ReadOpenApi()
    {
        using var stream = typeof(FleetApi).Assembly.GetManifestResourceStream("openapi.json")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>Slices are for holders of the shared key or of the token, whichever there is.</summary>
    private async Task<int> AnswerSlicesAsync(HttpContext context)
    {
        ShareSeal seal = default;
        var isSigned = keys is not null && keys.TryVerifyRequest(context.Request.Headers[ShareKeys.Header], context.Request.Method, TargetOf(context), out seal);
        if (!isSigned && (keys is not null || gate.HasToken) && !(gate.HasToken && gate.KnowsToken(context)))
        {
            return await gate.RefuseAsync(context, "slices are told to holders of the shared key or the token only");
        }

        if (!TryReadQuery(context.Request.Query, out var after, out var run, out var most, out var wait))
        {
            return await gate.WrongAsync(context, $"ask for after=NUMBER&run=16 HEX DIGITS&most=COUNT&wait=MS, at most {SliceBatch.MaxSlices} and {MaxWait} ms");
        }

        var body = await board.ReadAsync(after, run, most, TimeSpan.FromMilliseconds(wait), context.RequestAborted);
        if (isSigned)
        {
            context.Response.Headers[ShareKeys.Header] = keys!.SignAnswer(seal, StatusCodes.Status200OK, body);
        }

        return await gate.SendAsync(context, body);
    }

    private async Task<int> AnswerVerdictsAsync(HttpContext context) =>
        ApiQuery.Of(context, out var query, "start", "end") is { } fault
            ? await gate.WrongAsync(context, fault)
            : await gate.SendAsync(context, FleetJson.Write(await verdicts(query, context.RequestAborted)));

    /// <summary>Path and query as they were sent: what was signed.</summary>
    private static string TargetOf(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    private static bool TryReadQuery(IQueryCollection query, out long after, out ulong? run, out int most, out int wait)
    {
        (after, run, most, wait) = (0, null, SliceBatch.MaxSlices, 0);
        if (query["run"] is [{ } text])
        {
            if (!RunConverter.TryParse(text, out var read))
            {
                return false;
            }

            run = read;
        }

        return (query["after"] is not [{ } number] || (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out after) && after <= BoundedInt64.Most))
            && (query["most"] is not [{ } count] || (int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is >= 1 and <= SliceBatch.MaxSlices))
            && (query["wait"] is not [{ } span] || (int.TryParse(span, NumberStyles.None, CultureInfo.InvariantCulture, out wait) && wait <= MaxWait));
    }
}
