using System.IO.Compression;
using System.Text;
using Meshpulse.Agent.Export;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Meshpulse.Agent.Api;

/// <summary>
/// One stream of server-sent events (WHATWG HTML, section 9.2): the nodes, the matrix and the verdicts first, then what changes of them.
/// <para>
/// The problem is a reader that reads slowly, or not at all while his laptop sleeps. The obvious way, a queue of events for each, keeps the past in memory
/// for who does not want it any more. What we do: nothing waits for a reader but his own stream, which makes its next event only once the last is sent,
/// out of what has changed since; what came between is not told one by one.
/// </para>
/// </summary>
internal sealed class LiveStream(HttpContext context, MeshApiOptions options, SharedEvents events)
{
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_nodes = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_ping = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_sendPatience = TimeSpan.FromSeconds(30);

    private readonly CancellationToken _gone = context.RequestAborted;
    private long _matrixAt;
    private long _nodesAt;
    private long _saidAt;
    private long _sequence;
    private byte[]? _verdicts;
    private long _id;

    /// <summary>Runs until the reader leaves, or takes nothing for too long.</summary>
    public async Task RunAsync()
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        // For proxies that would keep events back until there are many.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (!MetricsNegotiation.TakesGzip(context.Request.Headers.AcceptEncoding.ToString()))
        {
            await TellAsync(response.Body);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        // What it writes when it is closed nobody waits for: the reader has left.
        var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await TellAsync(gzip);
    }

    private async Task TellAsync(Stream to)
    {
        await SendAsync(to, "retry: 1000\n"u8.ToArray(), "hello", events.Nodes());
        var snapshot = options.Live.Matrix();
        await SendAsync(to, [], "matrix", events.Whole(snapshot));
        _sequence = snapshot.Sequence;
        _matrixAt = _nodesAt = Now;
        while (!_gone.IsCancellationRequested)
        {
            await TurnAsync(to);
            await Task.Delay(s_turn, _gone);
        }
    }

    private static long Now => TimeProvider.System.GetTimestamp();

    private async Task TurnAsync(Stream to)
    {
        options.Live.Look();
        var verdicts = events.Verdicts();
        if (!ReferenceEquals(verdicts, _verdicts))
        {
            _verdicts = verdicts;
            await SendAsync(to, [], "verdicts", verdicts);
        }

        if (IsDue(_matrixAt, LiveMesh.RenewalOf(options.Live.Names.Count)))
        {
            _matrixAt = Now;
            var snapshot = options.Live.Matrix();
            if (snapshot.Sequence != _sequence)
            {
                await SendAsync(to, [], "matrix", events.Change(snapshot, _sequence));
                _sequence = snapshot.Sequence;
            }
        }

        if (IsDue(_nodesAt, s_nodes))
        {
            _nodesAt = Now;
            await SendAsync(to, [], "nodes", events.Nodes());
        }

        if (IsDue(_saidAt, s_ping))
        {
            await WriteAsync(to, ": ping\n\n"u8.ToArray());
            // As active as one that asks again and again: others are cut before it where there are too many.
            context.Features.Get<ConnectionSeat>()?.Touch();
        }
    }

    private static bool IsDue(long since, TimeSpan period) => TimeProvider.System.GetElapsedTime(since) >= period - (s_turn / 2);

    private async Task SendAsync(Stream to, byte[] first, string name, byte[] json)
    {
        var head = Encoding.ASCII.GetBytes($"id: {++_id}\nevent: {name}\ndata: ");
        // JSON of ours has no line breaks, so that one line of data does.
        await WriteAsync(to, first.Length == 0 ? head : [.. first, .. head], json, "\n\n"u8.ToArray());
    }

    private async Task WriteAsync(Stream to, params byte[][] parts)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_gone);
        patience.CancelAfter(s_sendPatience);
        try
        {
            foreach (var part in parts)
            {
                await to.WriteAsync(part, patience.Token);
            }

            await to.FlushAsync(patience.Token);
            _saidAt = Now;
        }
        catch (OperationCanceledException)
        {
            context.Abort();
            throw;
        }
    }
}
