using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Api;

/// <summary>
/// What any node answers of the whole mesh: to the dashboard, to the terminal and to other programs. docs/api.md and openapi.json describe it. All of it
/// is read-only. With <c>node=NAME</c> the answer is that of another node, which is asked for it and has to be one that the mesh knows.
/// </summary>
internal sealed class MeshApi(MeshApiOptions options)
{
    public const string NodesPath = "/api/v1/nodes";
    public const string MatrixPath = "/api/v1/matrix";
    public const string RowPath = "/api/v1/row";
    public const string PathsPath = "/api/v1/paths";
    public const string ConfigPath = "/api/v1/config";
    public const string StreamPath = "/api/v1/stream";

    private readonly ApiGate _gate = options.Gate;
    private readonly LiveMesh _live = options.Live;
    private readonly LiveStreams _streams = new(options);

    /// <summary>For the HTTP server.</summary>
    public IReadOnlyList<HttpRoute> Routes =>
    [
        _gate.Route(NodesPath, context => AnswerAsync(context, NodesPath, Nodes)),
        _gate.Route(MatrixPath, AnswerMatrixAsync),
        _gate.Route(RowPath, AnswerRowAsync),
        _gate.Route(PathsPath, context => AnswerAsync(context, PathsPath, _live.Paths)),
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

    private Task<int> AnswerMatrixAsync(HttpContext context) =>
        ApiQuery.Of(context, out var query, "at") is { } fault
            ? _gate.WrongAsync(context, fault)
            : _gate.TellAsync(context, query.At is null ? _live.Matrix().Document : _live.NoMatrix(query.At.Value));

    private Task<int> AnswerRowAsync(HttpContext context) =>
        ApiQuery.Of(context, out var query, "names") is { } fault
            ? _gate.WrongAsync(context, fault)
            : _gate.TellAsync(context, _live.Row(query.Names));

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
                : ApiGate.FailAsync(context, StatusCodes.Status404NotFound, $"no node of this mesh is called so; {NodesPath} names all"));
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
