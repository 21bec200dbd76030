using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Api;

/// <summary>
/// What any node answers of the whole mesh: to the dashboard, to the terminal and to other programs. docs/api.md and openapi.json describe it. All of it
/// is read-only. With <c>node=NAME</c> the answer is that of another node, which is asked for it and has to be one that the mesh knows.
/// </summary>
internal sealed class MeshApi(MeshApiOptions options) : IDisposable
{
    public const string NodesPath = "/api/v1/nodes";
    public const string MatrixPath = "/api/v1/matrix";
    public const string RowPath = "/api/v1/row";
    public const string PathsPath = "/api/v1/paths";
    public const string PathPath = "/api/v1/path";
    public const string VitalsPath = "/api/v1/vitals";
    public const string EventsPath = "/api/v1/events";
    public const string ConfigPath = "/api/v1/config";
    public const string StreamPath = "/api/v1/stream";

    private const int UsualLimit = 200;
    private const string Unknown = $"no node of this mesh is called so; {NodesPath} names all";

    private readonly ApiGate _gate = options.Gate;
    private readonly LiveMesh _live = options.Live;
    private readonly LiveStreams _streams = new(options);
    private readonly PastMatrix _past = new(options);
    private readonly PathAnswers _paths = new(options);

    /// <summary>For the HTTP server.</summary>
    public IReadOnlyList<HttpRoute> Routes =>
    [
        _gate.Route(NodesPath, context => AnswerAsync(context, NodesPath, Nodes)),
        _gate.Route(MatrixPath, AnswerMatrixAsync),
        _gate.Route(RowPath, AnswerRowAsync),
        _gate.Route(PathsPath, context => AnswerAsync(context, PathsPath, _live.Paths)),
        _gate.Route(PathPath, AnswerPathAsync),
        _gate.Route(VitalsPath, AnswerVitalsAsync),
        _gate.Route(EventsPath, AnswerEventsAsync),
        _gate.Route(ConfigPath, context => AnswerAsync(context, ConfigPath, Config)),
        _gate.LongRoute(StreamPath, _streams.AnswerAsync),
    ];

    /// <summary>Streams that are open.</summary>
    public int Streams => _streams.Open;

    private NodesDocument Nodes()
    {
        _live.Look();
        return _live.Nodes();
    }

    private ConfigDocument Config() => new(1, _live.Self, options.Clock().Wall, options.Program, options.Settings());

    /// <inheritdoc />
    public void Dispose() => _past.Dispose();

    private async Task<int> AnswerMatrixAsync(HttpContext context)
    {
        if (ApiQuery.Of(context, out var query, "at") is { } fault)
        {
            return await _gate.WrongAsync(context, fault);
        }

        return await _gate.TellAsync(context, query.At is { } at ? await _past.AtAsync(at, context.RequestAborted) : _live.Matrix().Document);
    }

    private async Task<int> AnswerRowAsync(HttpContext context)
    {
        if (ApiQuery.Of(context, out var query, "names", "at") is { } fault)
        {
            return await _gate.WrongAsync(context, fault);
        }

        if (query.At is not { } at)
        {
            return await _gate.TellAsync(context, _live.Row(query.Names));
        }

        return await options.Past(null).RowAsync(at, context.RequestAborted) is { } codes
            ? await _gate.TellAsync(context, _live.PastRow(codes))
            : await ApiGate.FailAsync(context, StatusCodes.Status404NotFound, "no history of that moment is kept here");
    }

    private async Task<int> AnswerPathAsync(HttpContext context)
    {
        if (ApiQuery.Of(context, out var query, "from", "to", "start", "end", "step_ms", "own") is { } fault)
        {
            return await _gate.WrongAsync(context, fault);
        }

        if (query is not { From: { } from, To: { } to } || from == to)
        {
            return await _gate.WrongAsync(context, "say of which two nodes: from=NAME&to=NAME");
        }

        return _live.Names.Contains(from, StringComparer.Ordinal) && _live.Names.Contains(to, StringComparer.Ordinal)
            ? await _gate.TellAsync(context, await _paths.OfAsync(query, from, to, context.RequestAborted))
            : await ApiGate.FailAsync(context, StatusCodes.Status404NotFound, Unknown);
    }

    private async Task<int> AnswerVitalsAsync(HttpContext context)
    {
        if (ApiQuery.Of(context, out var query, "node", "start", "end", "step_ms") is { } fault)
        {
            return await _gate.WrongAsync(context, fault);
        }

        if (query.Node is { } node && node != _live.Self)
        {
            return await PassOnAsync<VitalsDocument>(context, node, $"{VitalsPath}?{query.SpanText()}");
        }

        var now = options.Clock().Wall;
        var span = ApiSpan.Of(query, now);
        return await _gate.TellAsync(context, await options.Past(span).VitalsAsync(span, now, context.RequestAborted));
    }

    private async Task<int> AnswerEventsAsync(HttpContext context)
    {
        if (ApiQuery.Of(context, out var query, "node", "start", "end", "limit") is { } fault)
        {
            return await _gate.WrongAsync(context, fault);
        }

        if (query.Node is { } node && node != _live.Self)
        {
            return await PassOnAsync<EventsDocument>(context, node, $"{EventsPath}?{query.SpanText()}");
        }

        var now = options.Clock().Wall;
        var (events, more) = await options.Past(null).EventsAsync(ApiSpan.Of(query, now), query.Limit ?? UsualLimit, context.RequestAborted);
        return await _gate.TellAsync(context, new EventsDocument(1, _live.Self, now, events, more));
    }

    /// <summary>Answers with a document of ours, or passes on that of a peer.</summary>
    private async Task<int> AnswerAsync<T>(HttpContext context, string path, Func<T> own)
        where T : ApiDocument
    {
        if (ApiQuery.Of(context, out var query, "node") is { } fault)
        {
            return await _gate.WrongAsync(context, fault);
        }

        return query.Node is null || query.Node == _live.Self
            ? await _gate.TellAsync(context, own())
            : await PassOnAsync<T>(context, query.Node, path);
    }

    private async Task<int> PassOnAsync<T>(HttpContext context, string node, string target)
        where T : ApiDocument
    {
        if (options.Peers().FirstOrDefault(p => p.Name == node) is not { } peer || options.Client() is not { } client)
        {
            return await (_live.Names.Contains(node, StringComparer.Ordinal)
                ? ApiGate.FailAsync(context, StatusCodes.Status504GatewayTimeout, $"{node} is not connected, so that it can't be asked")
                : ApiGate.FailAsync(context, StatusCodes.Status404NotFound, Unknown));
        }

        var answer = await client.GetAsync(peer, target, context.RequestAborted);
        if (answer.Body is not { } body)
        {
            return await ApiGate.FailAsync(context, StatusCodes.Status504GatewayTimeout, $"{node} {answer.Failure}");
        }

        return ApiJson.Read<T>(body) is { Version: 1 } document && document.Node == node
            ? await _gate.TellAsync(context, (T)(document with { Via = _live.Self }))
            : await ApiGate.FailAsync(context, StatusCodes.Status502BadGateway, $"{node} answers something that can't be passed on: another version?");
    }
}
