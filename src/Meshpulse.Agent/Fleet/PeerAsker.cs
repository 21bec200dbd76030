using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Fleet.Json;

namespace Meshpulse.Agent.Fleet;

/// <summary>
/// Asks one peer for its slices, one request after the other. Keeps what it got so far, so that each slice comes once. What goes wrong is an outcome,
/// never an exception: one bad peer is nobody else's trouble.
/// </summary>
/// <param name="peer">Who is asked.</param>
/// <param name="client">By what.</param>
/// <param name="options">How.</param>
/// <param name="most">For how many of its last slices at most.</param>
internal sealed class PeerAsker(FleetPeer peer, HttpClient client, FleetReaderOptions options, int most)
{
    private readonly string _base = PeerHttp.BaseOf(peer, options);
    private long _after;
    private ulong? _run;

    /// <summary>Who is asked.</summary>
    public FleetPeer Peer => peer;

    /// <summary>It has answered at least once.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Asks once.</summary>
    /// <param name="wait">How long the peer may wait for something new.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>What became of it, and the slices that came; none but with <see cref="AskOutcome.Answered"/>.</returns>
    /// <exception cref="OperationCanceledException">It was to give up.</exception>
    public async Task<(AskOutcome Outcome, SliceBatch? Batch)> AskAsync(TimeSpan wait, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(wait + options.Patience);
        try
        {
            return await TryAskAsync(wait, limit.Token);
        }
        catch (HttpRequestException e)
        {
            // Nobody listens there: of a peer that never answered that is no news.
            var isRefused = e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };
            return (isRefused && !HasAnswered ? AskOutcome.Absent : e.HttpRequestError == HttpRequestError.ConnectionError ? AskOutcome.Unreachable : AskOutcome.Broken, null);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return (AskOutcome.Unreachable, null);
        }
#pragma warning disable CA1031 // Whatever a peer makes a library throw: the asking would end by it for good, and this peer would never be heard again.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return (AskOutcome.Broken, null);
        }
    }

    private async Task<(AskOutcome Outcome, SliceBatch? Batch)> TryAskAsync(TimeSpan wait, CancellationToken limit)
    {
        var target = Target(wait);
        using var request = new HttpRequestMessage(HttpMethod.Get, _base + target);
        var nonce = "";
        if (options.Keys is { } keys)
        {
            request.Headers.TryAddWithoutValidation(ShareKeys.Header, keys.SignRequest("GET", target, out nonce));
        }

        PeerHttp.Introduce(request, options);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return (OutcomeOf(response.StatusCode), null);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            (buffer, var length) = await ReadAsync(response, buffer, limit);
            return length < 0 || !IsSigned(response, nonce, buffer.AsSpan(0, length)) ? (AskOutcome.Wrong, null) : Take(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private string Target(TimeSpan wait)
    {
        var run = _run is { } known ? $"&run={RunConverter.Text(known)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{FleetApi.SlicesPath}?after={_after}{run}&most={most}&wait={(int)wait.TotalMilliseconds}");
    }

    private static AskOutcome OutcomeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => AskOutcome.Refused,
        _ => AskOutcome.Absent,
    };

    /// <summary>The body; length -1 where it is longer than may be. The buffer may become another one.</summary>
    private async Task<(byte[] Buffer, int Length)> ReadAsync(HttpResponseMessage response, byte[] buffer, CancellationToken limit)
    {
        if (response.Content.Headers.ContentLength > options.MaxBytes)
        {
            return (buffer, -1);
        }

        using var stream = await response.Content.ReadAsStreamAsync(limit);
        var length = 0;
        int read;
        while ((read = await stream.ReadAsync(buffer.AsMemory(length), limit)) > 0)
        {
            length += read;
            if (length > options.MaxBytes)
            {
                return (buffer, -1);
            }

            if (length == buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
        }

        return (buffer, length);
    }

    private bool IsSigned(HttpResponseMessage response, string nonce, ReadOnlySpan<byte> body) =>
        options.Keys is null
        || (response.Headers.TryGetValues(ShareKeys.Header, out var headers)
            && options.Keys.VerifyAnswer(headers.FirstOrDefault(), nonce, (int)response.StatusCode, body));

    private (AskOutcome Outcome, SliceBatch? Batch) Take(ReadOnlySpan<byte> body)
    {
        if (!FleetJson.TryRead(body, out SliceBatch? batch, out _))
        {
            // An original answers whatever it is asked with its metrics.
            return (HasAnswered ? AskOutcome.Wrong : AskOutcome.Absent, null);
        }

        if (batch.Node != peer.Name)
        {
            // Somebody else's slices, or of somebody who calls himself otherwise: he must not speak for others.
            return (AskOutcome.Wrong, null);
        }

        HasAnswered = true;
        (_after, _run) = (batch.Slices.Count > 0 ? batch.Slices.Max(s => s.Number) : _run == batch.Run ? _after : 0, batch.Run);
        return (AskOutcome.Answered, batch);
    }
}
