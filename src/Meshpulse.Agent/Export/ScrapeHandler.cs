using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Export;

/// <summary>
/// Answers <c>/metrics</c>. A page is written whole before its first byte is sent, so that a failure half-way is a 500 and not a
/// page that ends early, and so that nothing of the agent waits while a slow scraper reads.
/// </summary>
internal sealed class ScrapeHandler(MetricsServerOptions options, Action<ExpositionWriter> writeOwnFamilies)
{
    private readonly BoundedAdmission _scrapes = new(options.MaxScrapes);
    private long _served;
    private long _failed;

    public long Served => Interlocked.Read(ref _served);

    public long Failed => Interlocked.Read(ref _failed);

    public long Evicted => _scrapes.Evicted;

    public async Task AnswerAsync(HttpContext context)
    {
        var guest = _scrapes.Enter(context.Abort);
        try
        {
            using var page = new PooledUtf8Buffer();
            var format = MetricsNegotiation.Choose(context.Request.Headers.Accept.ToString());
            var isCompressed = MetricsNegotiation.TakesGzip(context.Request.Headers.AcceptEncoding.ToString());
            context.Response.Headers.Vary = "Accept, Accept-Encoding";
            if (!TryWrite(page, format))
            {
                await HttpReply.TextAsync(context, StatusCodes.Status500InternalServerError, "the metrics could not be written\n");
                return;
            }

            context.Response.ContentType = MetricsNegotiation.ContentType(format);
            context.Response.Headers.ContentEncoding = isCompressed ? "gzip" : default(string);
            context.Response.ContentLength = isCompressed ? null : page.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await SendAsync(context, page, isCompressed);
            }

            Interlocked.Increment(ref _served);
        }
        finally
        {
            _scrapes.Leave(guest);
        }
    }

    private bool TryWrite(PooledUtf8Buffer page, ExpositionFormat format)
    {
        try
        {
            var writer = new ExpositionWriter(page, format);
            options.WriteFamilies(writer);
            writeOwnFamilies(writer);
            writer.Complete();
            return true;
        }
#pragma warning disable CA1031 // Whatever the delegate throws costs this page and no more.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.Increment(ref _failed);
            options.OnFailure?.Invoke(e);
            return false;
        }
    }

    private async Task SendAsync(HttpContext context, PooledUtf8Buffer page, bool isCompressed)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(options.SendTimeout);
        try
        {
            if (isCompressed)
            {
                await SendCompressedAsync(context, page, deadline.Token);
                return;
            }

            for (var i = 0; i < page.SegmentCount; i++)
            {
                // Copies into Kestrel's buffer and waits while that is full, so the segment may be given back afterwards.
                await context.Response.BodyWriter.WriteAsync(page.Segment(i), deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            context.Abort();
            throw;
        }
    }

    /// <summary>A page repeats the same labels on every line: the fastest level leaves a twentieth of it.</summary>
    private static async Task SendCompressedAsync(HttpContext context, PooledUtf8Buffer page, CancellationToken cancellationToken)
    {
        // Its last bytes are written as it is disposed, when nobody asks for the time any more.
        await using var end = cancellationToken.UnsafeRegister(static c => ((HttpContext)c!).Abort(), context);
        await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        for (var i = 0; i < page.SegmentCount; i++)
        {
            await gzip.WriteAsync(page.Segment(i), cancellationToken);
        }
    }
}
