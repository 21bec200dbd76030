using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Meshpulse.Agent.Export;

/// <summary>Stands between Kestrel and the routes: finds the handler, refuses what none takes, and survives what one throws.</summary>
internal sealed class HttpDispatcher(RouteTable routes, Action<Exception>? onFailure) : IHttpApplication<HttpContext>
{
    /// <inheritdoc />
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc />
    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing is pooled.
    }

    /// <inheritdoc />
    public async Task ProcessRequestAsync(HttpContext context)
    {
        context.Features.Get<ConnectionSeat>()?.Touch();
        try
        {
            await RouteAsync(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The peer left or was cut off: nobody is there to be told, and nothing is wrong with us.
        }
        catch (BadHttpRequestException)
        {
            // Kestrel knows the status that belongs to a broken body.
            throw;
        }
#pragma warning disable CA1031 // A handler's mistake of any kind costs its own request and no more.
        catch (Exception e)
#pragma warning restore CA1031
        {
            onFailure?.Invoke(e);
            await FailAsync(context);
        }
    }

    private static Task FailAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        return HttpReply.TextAsync(context, StatusCodes.Status500InternalServerError, "internal error\n");
    }

    private Task RouteAsync(HttpContext context)
    {
        var request = context.Request;
        var bodyComes = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? false;
        var route = routes.Find(request.Path.Value ?? "");
        var allowed = route is not null && route.Methods.Contains(request.Method);
        if (bodyComes && (!allowed || route!.MaxBodyBytes == 0))
        {
            // Unread bytes stand between this request and the next: the connection ends here. Kestrel throws away what comes of
            // them for five seconds first; closing at once would reset the connection before the peer has read the answer.
            context.Response.Headers.Connection = "close";
        }

        if (route is null)
        {
            return HttpReply.TextAsync(context, StatusCodes.Status404NotFound, "not found\n");
        }

        if (!allowed)
        {
            context.Response.Headers.Allow = string.Join(", ", route.Methods);
            return HttpReply.TextAsync(context, StatusCodes.Status405MethodNotAllowed, "method not allowed\n");
        }

        if (bodyComes && route.MaxBodyBytes == 0)
        {
            return HttpReply.TextAsync(context, StatusCodes.Status413PayloadTooLarge, "no request body is taken here\n");
        }

        if (route.MaxBodyBytes > 0 && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = route.MaxBodyBytes;
        }

        return route.Handler(context);
    }
}
