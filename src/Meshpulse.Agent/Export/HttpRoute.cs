using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Export;

/// <summary>
/// One path on the metrics port. Other rooms (the API, the dashboard) give theirs when the server is built; the table never changes
/// afterwards, so that looking up takes no lock.
/// </summary>
public sealed class HttpRoute
{
    /// <summary>Describes a route.</summary>
    /// <param name="path">
    /// An absolute path, matched exactly and in its case; one that ends in <c>/*</c> takes everything below it, and the longest
    /// path wins.
    /// </param>
    /// <param name="handler">Answers. What it throws becomes a 500 of one line, or a cut connection once the answer has begun.</param>
    /// <param name="methods">Such as <c>GET</c>; <c>HEAD</c> comes with it, the server leaves the body out.</param>
    /// <exception cref="ArgumentException">The path is not absolute, or there is no method.</exception>
    public HttpRoute(string path, RequestDelegate handler, params string[] methods)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(methods);
        if (!path.StartsWith('/'))
        {
            throw new ArgumentException($"The path \"{path}\" is not absolute.", nameof(path));
        }

        if (methods.Length == 0)
        {
            throw new ArgumentException($"The path {path} takes no method.", nameof(methods));
        }

        Path = path;
        Handler = handler;
        Methods = methods.Contains(HttpMethods.Get) && !methods.Contains(HttpMethods.Head)
            ? [.. methods, HttpMethods.Head]
            : [.. methods];
    }

    /// <summary>The path or, where it ends in <c>/*</c>, what everything below has in common.</summary>
    public string Path { get; }

    /// <summary>The methods that it takes; others get 405 and this list.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>Answers a request.</summary>
    public RequestDelegate Handler { get; }

    /// <summary>The largest request body, in bytes. 0, the default: a request with one gets 413 and the body is not read.</summary>
    public long MaxBodyBytes { get; init; }
}
