using System.Text;
using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Export;

/// <summary>The small answers.</summary>
internal static class HttpReply
{
    /// <summary>Answers with a short text; for HEAD with its length alone.</summary>
    public static Task TextAsync(HttpContext context, int status, string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = body.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }
}
