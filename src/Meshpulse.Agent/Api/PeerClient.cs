using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet;

namespace Meshpulse.Agent.Api;

/// <summary>
/// Asks peers for documents of theirs, over connections that stay. Only nodes that the mesh knows are asked, at the addresses by which it knows them;
/// how many at once, for how long and for how much is bounded, and nothing that goes wrong is an exception.
/// </summary>
/// <param name="options">Where and as whom peers are asked.</param>
internal sealed class PeerClient(FleetReaderOptions options) : IDisposable
{
    /// <summary>How long an answer may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int MaxAtOnce = 32;

    private readonly HttpClient _client = PeerHttp.ClientOf(options, 2);
    private readonly SemaphoreSlim _room = new(MaxAtOnce);

    /// <summary>Asks once.</summary>
    /// <param name="peer">Who.</param>
    /// <param name="target">Path and query.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="maxBytes">The longest answer.</param>
    /// <exception cref="OperationCanceledException">It was to give up.</exception>
    public async Task<PeerAnswer> GetAsync(FleetPeer peer, string target, CancellationToken stop, int maxBytes = ApiJson.MaxBytes)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        var isIn = false;
        try
        {
            await _room.WaitAsync(limit.Token);
            isIn = true;
            return await AskAsync(peer, target, maxBytes, limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Failed($"does not answer within {Patience.TotalSeconds:0} s");
        }
        catch (HttpRequestException e)
        {
            return Failed(e.InnerException is SocketException inner ? $"can't be asked: {inner.Message}" : $"can't be asked: {e.Message}");
        }
#pragma warning disable CA1031 // Whatever a peer makes a library throw is that peer's failure; who asks many must not end by it.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return Failed($"broke off: {e.Message}");
        }
        finally
        {
            if (isIn)
            {
                _room.Release();
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _client.Dispose();
        _room.Dispose();
    }

    private static PeerAnswer Failed(string why) => new(null, 0, why);

    private async Task<PeerAnswer> AskAsync(FleetPeer peer, string target, int maxBytes, CancellationToken limit)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, PeerHttp.BaseOf(peer, options) + target);
        PeerHttp.Introduce(request, options);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new PeerAnswer(null, (int)response.StatusCode, ReasonOf(response.StatusCode));
        }

        using var stream = await response.Content.ReadAsStreamAsync(limit);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, limit)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                return Failed($"answers with more than {maxBytes} bytes");
            }

            body.Write(buffer, 0, read);
        }

        return new PeerAnswer(body.ToArray(), 200, null);
    }

    private static string ReasonOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => "has no such page: an original, an older node, or one with --no-share",
        HttpStatusCode.Unauthorized => "wants another token: all nodes of a mesh need the same --api-token-file",
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => "has too much to do; try again in a moment",
        _ => $"answers {(int)status}",
    };
}
