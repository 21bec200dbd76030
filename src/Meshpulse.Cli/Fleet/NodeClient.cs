using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Fleet;

/// <summary>Asks a running node for its documents, over one connection that stays.</summary>
internal sealed class NodeClient : IDisposable
{
    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly string _base;
    private readonly ApiToken? _token;

    /// <summary>Of a node.</summary>
    /// <param name="node">Which, by the port of its metrics.</param>
    /// <param name="tokenFile">The file with what it wants to be told; null for nothing.</param>
    /// <exception cref="NodeAnswerException">The file has no token.</exception>
    public NodeClient(HostPort node, string? tokenFile)
    {
        ArgumentNullException.ThrowIfNull(node);
        (_base, _token) = ($"http://{node}", TokenOf(tokenFile));
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
        })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = ApiJson.MaxBytes,
        };
    }

    /// <summary>Asks once.</summary>
    /// <param name="path">Path and query.</param>
    /// <param name="read">Makes a document of the body; null where it is none.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="NodeAnswerException">It did not answer, or not with that.</exception>
    /// <exception cref="OperationCanceledException">It was to give up.</exception>
    public async Task<T> GetAsync<T>(string path, Func<byte[], T?> read, CancellationToken stop)
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _base + path);
            if (_token is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", _token.Header);
            }

            using var response = await _client.SendAsync(request, stop);
            var body = await response.Content.ReadAsByteArrayAsync(stop);
            return response.StatusCode == HttpStatusCode.OK && read(body) is { } document
                ? document
                : throw new NodeAnswerException($"{_base}{path}: {OtherAnswer(response.StatusCode)}");
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new NodeAnswerException($"{_base}{path}: no answer in {Patience.TotalSeconds:0} s", e);
        }
        catch (HttpRequestException e)
        {
            throw new NodeAnswerException($"{_base}{path}: {Reason(e)}", e);
        }
    }

    /// <summary>What is and was wrong.</summary>
    /// <exception cref="NodeAnswerException">It did not answer, or not with that.</exception>
    public Task<VerdictDocument> VerdictsAsync(CancellationToken stop) =>
        GetAsync("/api/v1/verdicts", body => FleetJson.TryRead(body, out VerdictDocument? document, out _) ? document : null, stop);

    /// <summary>Who there is.</summary>
    /// <exception cref="NodeAnswerException">It did not answer, or not with that.</exception>
    public Task<NodesDocument> NodesAsync(CancellationToken stop) => GetAsync("/api/v1/nodes", body => ApiJson.Read<NodesDocument>(body), stop);

    /// <summary>Every ordered pair.</summary>
    /// <exception cref="NodeAnswerException">It did not answer, or not with that.</exception>
    public async Task<MatrixGrid> MatrixAsync(CancellationToken stop) =>
        new(await GetAsync("/api/v1/matrix", body => ApiJson.Read<MatrixDocument>(body), stop));

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private static ApiToken? TokenOf(string? file)
    {
        try
        {
            return file is null ? null : ApiToken.Read(file);
        }
        catch (ApiTokenException e)
        {
            throw new NodeAnswerException($"--api-token-file {e.Message}", e);
        }
    }

    private static string OtherAnswer(HttpStatusCode status) => status switch
    {
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => "it is asked too often; try again in a second",
        HttpStatusCode.Unauthorized => "it wants its token: --api-token-file",
        _ => "something answers there, but not with this: an original, an older node, or one that was started with --no-share",
    };

    private static string Reason(HttpRequestException e) => e switch
    {
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "connection refused; does a node run there that serves metrics? Its port is that of -m",
        { InnerException: SocketException inner } => inner.Message,
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "its answer is too long",
        { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded } => "what answers there does not speak HTTP",
        _ => e.Message,
    };
}
