using System.Text;
using Meshpulse.Agent.Export;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Meshpulse.Agent.Dashboard;

/// <summary>
/// The dashboard on the agent's HTTP port: <c>/</c> for browsers, and below <c>/ui/</c> what that page needs.
/// <para>
/// All of it lies in the program, compressed when that was built: an agent compresses nothing and reads no file. Names below <c>/ui/</c> carry a hash of their
/// content, so a browser keeps them for ever; the page itself is asked for each time and mostly answered by 304. It holds no data, so it needs no token, and a link to it may
/// be followed from anywhere; what it shows comes from <c>/api/v1/</c>, which refuses pages of others.
/// </para>
/// </summary>
internal sealed class DashboardPages
{
    private const string Prefix = "dashboard/";
    private const string PageName = "index.html";
    private const string Policy = "default-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Lazy<DashboardPages> s_built = new(() => new DashboardPages(ReadResources()));

    private readonly Dictionary<string, DashboardFile> _files;
    private readonly string _without;

    /// <summary>Takes the files.</summary>
    /// <param name="files">By their names, such as <c>index.html</c> or <c>ui/index-x.js</c>, those with <c>.br</c> and <c>.gz</c> beside them; <c>without</c> says why there are none.</param>
    public DashboardPages(IReadOnlyDictionary<string, byte[]> files)
    {
        _files = files.Keys
            .Where(name => !name.EndsWith(".br", StringComparison.Ordinal) && !name.EndsWith(".gz", StringComparison.Ordinal) && name != "without")
            .ToDictionary(
                name => name,
                name => new DashboardFile(ContentTypeOf(name), files[name], files.GetValueOrDefault(name + ".gz"), files.GetValueOrDefault(name + ".br")),
                StringComparer.Ordinal);
        var why = files.TryGetValue("without", out var bytes) ? Encoding.UTF8.GetString(bytes).Split('\n')[0] : "its files are not in the program";
        _without = $"""
            Meshpulse: built without the dashboard ({why}).

            Install nodejs (20.19, 22.12 or later) and npm where it is built, and start it there with ./meshpulse again: it then builds the dashboard in.
            Meanwhile: meshpulse diagnose NODE says what is wrong, and so does /api/v1/verdicts.
            """ + "\n\n" + string.Join('\n', MetricsServer.IndexText.Split('\n').Skip(2));
    }

    /// <summary>What was built into this program.</summary>
    public static DashboardPages Built => s_built.Value;

    /// <summary>False where the program was built without it.</summary>
    public bool HasPage => _files.ContainsKey(PageName);

    /// <summary>For the HTTP server.</summary>
    public IReadOnlyList<HttpRoute> Routes =>
    [
        new("/", AnswerPageAsync, HttpMethods.Get),
        new("/ui/*", AnswerFileAsync, HttpMethods.Get),
    ];

    private static Dictionary<string, byte[]> ReadResources()
    {
        var assembly = typeof(DashboardPages).Assembly;
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files[name[Prefix.Length..]] = bytes;
        }

        return files;
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };

    /// <summary>A browser says that it takes HTML; curl and scripts say that they take anything, and get the plain page that they always got.</summary>
    private Task AnswerPageAsync(HttpContext context)
    {
        context.Response.Headers.Vary = "Accept, Accept-Encoding";
        if (!MetricsNegotiation.Takes(Joined(context.Request.Headers.Accept), "text/html"))
        {
            return HttpReply.TextAsync(context, StatusCodes.Status200OK, MetricsServer.IndexText);
        }

        return _files.TryGetValue(PageName, out var page)
            ? SendAsync(context, page, "no-cache")
            : HttpReply.TextAsync(context, StatusCodes.Status200OK, _without);
    }

    private Task AnswerFileAsync(HttpContext context)
    {
        context.Response.Headers.Vary = "Accept-Encoding";
        return _files.TryGetValue((context.Request.Path.Value ?? "").TrimStart('/'), out var file)
            ? SendAsync(context, file, "public, max-age=31536000, immutable")
            : HttpReply.TextAsync(context, StatusCodes.Status404NotFound, "not found\n");
    }

    private static async Task SendAsync(HttpContext context, DashboardFile file, string caching)
    {
        var encodings = Joined(context.Request.Headers.AcceptEncoding);
        var (bytes, coding) = file.Brotli is { } brotli && MetricsNegotiation.Takes(encodings, "br") ? (brotli, "br")
            : file.Gzip is { } gzip && MetricsNegotiation.TakesGzip(encodings) ? (gzip, "gzip")
            : (file.Plain, "");
        // Another coding is another representation, and so has another tag (RFC 9110, section 8.8.3.3).
        var tag = coding.Length == 0 ? $"\"{file.Tag}\"" : $"\"{file.Tag}-{coding}\"";
        var response = context.Response;
        var headers = response.Headers;
        headers.ETag = tag;
        headers.CacheControl = caching;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
        if (IsKnown(context.Request.Headers.IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = bytes.Length;
        if (coding.Length > 0)
        {
            headers.ContentEncoding = coding;
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    private static bool IsKnown(StringValues tags, string tag) =>
        Joined(tags).Split(',', StringSplitOptions.TrimEntries).Any(t => t == "*" || t == tag || t == "W/" + tag);

    private static string Joined(StringValues values) => string.Join(',', values.ToArray());
}
