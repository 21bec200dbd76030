using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Fleet.Json;

namespace Meshpulse.Agent.Api;

/// <summary>
/// Asks a node for documents of its API, for commands that show them. What goes wrong is told in words that an operator can act on; what is answered is
/// bounded, as it comes from whoever is at that address.
/// </summary>
public sealed class NodeClient : IDisposable
{
    private const string NotThis = "something answers there, but not this: an original, an older node, or one that was started with --no-share";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly string _base;

    /// <summary>Asks nobody yet.</summary>
    /// <param name="node">Host and port, as in <c>10.0.0.5:12223</c>, or with <c>https://</c> before it.</param>
    /// <param name="tokenFile">The file of the node's token; null for none.</param>
    /// <param name="caFile">Who signs its certificate; null for whom the system trusts. Of no meaning without https.</param>
    /// <exception cref="ApiTokenException">The token's file can't be used.</exception>
    /// <exception cref="TlsFileException">The certificates' file can't be used.</exception>
    public NodeClient(string node, string? tokenFile = null, string? caFile = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(node);
        _base = node.Contains("://", StringComparison.Ordinal) ? node.TrimEnd('/') : $"http://{node}";
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            SslOptions = TlsIdentity.AskingOptions(caFile is null ? null : TlsIdentity.Authorities(caFile)),
        };
        _client = new HttpClient(new ConnectionErrors(handler)) { Timeout = s_patience, MaxResponseContentBufferSize = ApiJson.MaxBytes };
        if (tokenFile is not null)
        {
            _client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", ApiToken.Read(tokenFile).Header);
        }
    }

    /// <summary>Where it is asked, for messages.</summary>
    public string Address => _base;

    /// <summary>Who there is and how each is.</summary>
    public Task<NodesDocument> NodesAsync(CancellationToken stop) => GetAsync(MeshApi.NodesPath, ApiJson.Read<NodesDocument>, stop);

    /// <summary>The matrix as it is now.</summary>
    public Task<MatrixDocument> MatrixAsync(CancellationToken stop) => GetAsync(MeshApi.MatrixPath, ApiJson.Read<MatrixDocument>, stop);

    /// <summary>What is and was wrong.</summary>
    public Task<VerdictDocument> VerdictsAsync(CancellationToken stop) =>
        GetAsync(FleetApi.VerdictsPath, body => FleetJson.TryRead(body, out VerdictDocument? document, out _) ? document : null, stop);

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();

    private delegate T? Reading<T>(ReadOnlySpan<byte> body);

    /// <exception cref="NodeClientException">It did not answer, or with something else.</exception>
    private async Task<T> GetAsync<T>(string path, Reading<T> read, CancellationToken stop)
        where T : class
    {
        try
        {
            using var response = await _client.GetAsync(new Uri(_base + path), stop);
            var body = await response.Content.ReadAsByteArrayAsync(stop);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new NodeClientException(ReasonOf(response.StatusCode, body));
            }

            return read(body) ?? throw new NodeClientException(NotThis);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new NodeClientException($"no answer in {s_patience.TotalSeconds:0} s");
        }
        catch (HttpRequestException e)
        {
            throw new NodeClientException(ReasonOf(e));
        }
    }

    private static string ReasonOf(HttpStatusCode status, byte[] body) => ApiJson.Read<ErrorDocument>(body) is { } told
        ? told.Error
        : status switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => "it is asked too often; try again in a second",
            HttpStatusCode.Unauthorized => "it wants its token: --api-token-file",
            _ => NotThis,
        };

    private static string ReasonOf(HttpRequestException e) => e switch
    {
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "connection refused; does a node run there that serves metrics? Its port is that of -m",
        { InnerException: SocketException inner } => inner.Message,
        { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "its answer is too long",
        { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded } => "what answers there does not speak HTTP",
        { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } inner } => $"its certificate does not do, or it speaks no TLS: {inner.Message}",
        _ => e.Message,
    };
}
