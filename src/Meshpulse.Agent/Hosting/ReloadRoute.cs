using Meshpulse.Agent.Export;
using Meshpulse.Linux.Timing;
using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// <c>POST /-/reload</c>, as Prometheus and its kin have it. It reads a file that the operator named and tells its mistakes to whoever
/// asks, so a browser that was led here by another site's page is refused, and nobody has it read more often than once a second.
/// </summary>
internal sealed class ReloadRoute(CheckService checks)
{
    private const long Second = 1_000_000_000;

    private long _next;

    /// <summary>For the metrics server.</summary>
    public HttpRoute Route => new("/-/reload", AnswerAsync, HttpMethods.Post);

    private async Task AnswerAsync(HttpContext context)
    {
        if (CrossSite.IsFrom(context.Request))
        {
            await HttpReply.TextAsync(context, StatusCodes.Status403Forbidden, CrossSite.Refusal);
            return;
        }

        var now = SystemClocks.Mono().Nanoseconds;
        var next = Interlocked.Read(ref _next);
        if (now < next || Interlocked.CompareExchange(ref _next, now + Second, next) != next)
        {
            await HttpReply.TextAsync(context, StatusCodes.Status429TooManyRequests, "once a second is enough\n");
            return;
        }

        if (checks.Watch is null)
        {
            await HttpReply.TextAsync(context, StatusCodes.Status503ServiceUnavailable, "not ready\n");
            return;
        }

        var load = await checks.ReloadAsync("POST /-/reload");
        await (load.Value is null
            ? HttpReply.TextAsync(context, StatusCodes.Status400BadRequest, string.Concat(load.Errors.Select(error => error + "\n")))
            : HttpReply.TextAsync(context, StatusCodes.Status200OK, "reloaded\n"));
    }
}
