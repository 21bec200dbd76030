using System.Net;
using System.Text;
using Meshpulse.Agent.Dashboard;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Tests.Export;

namespace Meshpulse.Agent.Tests.Dashboard;

public sealed class DashboardPagesTests
{
    private static readonly Dictionary<string, byte[]> s_files = new()
    {
        ["index.html"] = "<!doctype html>page"u8.ToArray(),
        ["index.html.br"] = "page by brotli"u8.ToArray(),
        ["index.html.gz"] = "page by gzip"u8.ToArray(),
        ["ui/index-abc.js"] = "script"u8.ToArray(),
        ["ui/icon-abc.svg"] = "<svg/>"u8.ToArray(),
    };

    [Theory]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8", "<!doctype html>page")]
    [InlineData("*/*", "text/plain; charset=utf-8", "Meshpulse\n\n/metrics\n/-/healthy\n/-/ready\n")]
    [InlineData("text/html;q=0, */*", "text/plain; charset=utf-8", "Meshpulse\n\n/metrics\n/-/healthy\n/-/ready\n")]
    [InlineData(null, "text/plain; charset=utf-8", "Meshpulse\n\n/metrics\n/-/healthy\n/-/ready\n")]
    public async Task A_browser_gets_the_page_and_a_script_what_it_always_got(string? accept, string type, string body)
    {
        await using var server = await TestServers.StartAsync(null, [.. new DashboardPages(s_files).Routes]);
        using var response = await AskAsync(server, "/", accept);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        Assert.Equal("Accept, Accept-Encoding", response.Headers.Vary.ToString());
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("gzip, deflate, br", "br", "page by brotli")]
    [InlineData("gzip", "gzip", "page by gzip")]
    [InlineData("br;q=0, gzip", "gzip", "page by gzip")]
    [InlineData("identity", null, "<!doctype html>page")]
    [InlineData(null, null, "<!doctype html>page")]
    public async Task Each_gets_the_coding_that_it_takes(string? encodings, string? coding, string body)
    {
        await using var server = await TestServers.StartAsync(null, [.. new DashboardPages(s_files).Routes]);
        using var response = await AskAsync(server, "/", "text/html", ("Accept-Encoding", encodings));
        Assert.Equal(coding is null ? [] : [coding], response.Content.Headers.ContentEncoding);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task The_page_is_asked_for_again_and_its_parts_never()
    {
        await using var server = await TestServers.StartAsync(null, [.. new DashboardPages(s_files).Routes]);
        using var page = await AskAsync(server, "/", "text/html");
        using var part = await AskAsync(server, "/ui/index-abc.js", "*/*");
        Assert.Equal("no-cache", page.Headers.CacheControl!.ToString());
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", part.Headers.GetValues("Cache-Control")));
        Assert.Equal("text/javascript; charset=utf-8", part.Content.Headers.ContentType!.ToString());

        using var again = await AskAsync(server, "/", "text/html", ("If-None-Match", page.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(page.Headers.ETag, again.Headers.ETag);
        using var other = await AskAsync(server, "/", "text/html", ("If-None-Match", page.Headers.ETag!.ToString()), ("Accept-Encoding", "br"));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.NotEqual(page.Headers.ETag, other.Headers.ETag);
    }

    [Fact]
    public async Task Nothing_from_elsewhere_may_run_in_it_or_around_it()
    {
        await using var server = await TestServers.StartAsync(null, [.. new DashboardPages(s_files).Routes]);
        foreach (var path in (string[])["/", "/ui/index-abc.js"])
        {
            using var response = await AskAsync(server, path, "text/html", ("Sec-Fetch-Site", "cross-site"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("style-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        }
    }

    [Theory]
    [InlineData("/ui/")]
    [InlineData("/ui/index-abc.js/x")]
    [InlineData("/ui/../index.html")]
    [InlineData("/ui/index.html")]
    [InlineData("/index.html")]
    [InlineData("/ui/index-abc.js.br")]
    public async Task Other_paths_are_not_found(string path)
    {
        await using var server = await TestServers.StartAsync(null, [.. new DashboardPages(s_files).Routes]);
        var answer = await RawConnection.AskAsync(server.LocalEndPoint.Port, $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_read_only()
    {
        await using var server = await TestServers.StartAsync(null, [.. new DashboardPages(s_files).Routes]);
        using var client = TestServers.Client(server);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync("/", null)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.DeleteAsync("/ui/index-abc.js")).StatusCode);
        var head = await RawConnection.AskAsync(server.LocalEndPoint.Port, "HEAD /ui/index-abc.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.Contains("Content-Length: 6\r\n", head, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_was_built_without_it_says_so_and_why()
    {
        var pages = new DashboardPages(new Dictionary<string, byte[]> { ["without"] = Encoding.UTF8.GetBytes("node and npm were not there\nnone none\n") });
        Assert.False(pages.HasPage);
        await using var server = await TestServers.StartAsync(null, [.. pages.Routes]);
        using var response = await AskAsync(server, "/", "text/html");
        var text = await response.Content.ReadAsStringAsync();
        Assert.StartsWith("Meshpulse: built without the dashboard (node and npm were not there).\n\nInstall nodejs", text, StringComparison.Ordinal);
        Assert.EndsWith("/metrics\n/-/healthy\n/-/ready\n", text, StringComparison.Ordinal);
    }

    /// <summary>Whatever this program was built with: a page whose parts are all there, or none and the reason.</summary>
    [Fact]
    public async Task What_was_built_in_is_whole()
    {
        await using var server = await TestServers.StartAsync(null, [.. DashboardPages.Built.Routes]);
        using var response = await AskAsync(server, "/", "text/html");
        var text = await response.Content.ReadAsStringAsync();
        if (!DashboardPages.Built.HasPage)
        {
            Assert.StartsWith("Meshpulse: built without the dashboard (", text, StringComparison.Ordinal);
            return;
        }

        var parts = text.Split('"').Where(t => t.StartsWith("./ui/", StringComparison.Ordinal)).ToList();
        Assert.InRange(parts.Count, 2, 10);
        foreach (var part in parts)
        {
            using var answer = await AskAsync(server, part[1..], "*/*", ("Accept-Encoding", "br"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(["br"], answer.Content.Headers.ContentEncoding);
        }
    }

    private static async Task<HttpResponseMessage> AskAsync(MetricsServer server, string path, string? accept, params (string Name, string? Value)[] headers)
    {
        using var client = TestServers.Client(server);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers.Prepend(("Accept", accept)))
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await client.SendAsync(request);
    }
}
