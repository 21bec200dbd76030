using System.Globalization;
using System.Net;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Networks;

namespace Meshpulse.Lab.Checks;

/// <summary>The kinds of checks beside the ping, and targets that have names.</summary>
public sealed class KindTests
{
    [Fact]
    public async Task Tcp_icmp_and_http_stand_beside_the_ping_in_one_file()
    {
        var places = Place.OnLoopback(1);
        var own = places[0].Identity.Address;
        using var web = new TinyHttpServer(own);
        var closed = Ports.Next();
        using var file = new LandscapeFile(string.Create(CultureInfo.InvariantCulture, $$$"""
            port = {{{Ports.Next()}}}
            [[server]]
            name = "own"
            ip = "{{{own}}}"
            datacenter = "fra.dc1"
            [[server]]
            name = "six"
            ip = "::1"
            [[check]]
            from = "own"
            to = "own"
            check = "udp_ping"
            [[check]]
            from = "own"
            to = "own"
            check = "tcp"
            port = {{{web.At.Port}}}
            interval = 50
            timeout = "10s"
            [[check]]
            from = "own"
            to = "own"
            check = "tcp"
            port = {{{closed}}}
            interval = 50
            [[check]]
            from = "own"
            to = "own"
            check = "icmp"
            interval = 50
            [[check]]
            from = "own"
            to = "six"
            check = "icmp"
            interval = 50
            [[check]]
            from = "own"
            to = "own"
            check = "http"
            http_url = "http://{{server.to.ip}}:{{{web.At.Port}}}/200"
            interval = 200
            timeout = "10s"
            [[check]]
            from = "own"
            to = "own"
            check = "http"
            http_url = "http://{{server.to.ip}}:{{{web.At.Port}}}/500"
            interval = 200
            timeout = "10s"

            """));
        await using var checker = await Checker.StartAsync(file, "own", places[0]);
        var window = await checker.ReportAsync(w => w.Servers.All(row => row.Requests >= 20), "with enough of each kind");
        await checker.StopAsync();

        var rows = window.Servers.ToList();
        Assert.Equal(
            ["udp_ping own", "http own", "http own", "tcp own", "tcp own", "icmp own", "icmp six"], rows.Select(row => $"{row.Check} {row.To}"));
        Assert.Equal([own.ToString(), "::1"], rows.Select(row => row.Ip).Distinct());
        Assert.All(rows.Where(row => row.Tail != $"port: {closed}" && !row.Tail.Contains("/500", StringComparison.Ordinal)), row => Assert.Equal(0, row.Loss));
        Assert.Equal([$"port: {web.At.Port}", $"port: {closed}"], rows.Where(row => row.Check == "tcp").Select(row => row.Tail));
        Assert.Equal(0, rows.Single(row => row.Tail == $"port: {closed}").Responses);
        AssertFetched(rows[1].Tail, web.At, 200);
        AssertFetched(rows[2].Tail, web.At, 500);
        Assert.Equal(0, rows[2].Responses);
        Assert.All(checker.Transcript.Windows, w => w.AssertSums(new Dictionary<string, string> { ["own"] = "fra.dc1" }));
    }

    [Fact]
    public async Task A_name_is_resolved_and_one_that_has_no_address_is_no_loss()
    {
        var places = Place.OnLoopback(2);
        using var file = new LandscapeFile(string.Create(CultureInfo.InvariantCulture, $"""
            port = {Ports.Next()}
            [[group]]
            name = "all"
            [[server]]
            name = "own"
            ip = "{places[0].Identity.Address}"
            groups = ["all"]
            [[server]]
            name = "named"
            ip = "v4:localhost"
            groups = ["all"]
            [[server]]
            name = "unknown"
            ip = "x.invalid"
            groups = ["all"]
            [[check]]
            from = "all"
            to = "all"
            check = "udp_ping"

            """));
        await using var named = await Checker.StartAsync(file, "named", places[1]);
        await named.MetricsAsync(_ => true, "answers no scrape");
        await using var own = await Checker.StartAsync(file, "own", places[0]);
        Assert.EndsWith("x.invalid has no address; probes to it count as unsent", await own.NoteAsync("x.invalid has no address"), StringComparison.Ordinal);
        await own.ReportAsync(w => w.Of("own", "named") is { Responses: >= 60, Loss: 0, Ip: "127.0.0.1" }, "with answers from the named one");
        await named.ReportAsync(w => w.Of("named", "own") is { Responses: >= 60, Loss: 0 }, "with answers to the named one");
        var page = await own.MetricsAsync(
            p => p.Find("meshpulse_probes_unsent_total", ("target", "unknown"), ("reason", "unresolved")) > 60, "does not count what it can't send");
        Assert.All(new[] { "sent", "answered", "lost" }, what => Assert.Equal(0, page.Find($"meshpulse_probes_{what}_total", ("target", "unknown"))));
        Assert.All(own.Transcript.Windows, w => Assert.Equal((0, 0, "x.invalid"), (w.Of("own", "unknown")!.Requests, w.Of("own", "unknown")!.Loss, w.Of("own", "unknown")!.Ip)));
        await own.StopAsync();
        await named.StopAsync();
    }

    private static void AssertFetched(string tail, IPEndPoint web, int status)
    {
        // An address needs no resolving and plain HTTP no TLS; what takes place has a time, and each phase is within the whole.
        var fields = tail.Split(", ").Select(field => field.Split(": ", 2)).ToDictionary(field => field[0], field => field[1], StringComparer.Ordinal);
        Assert.Equal((string.Create(CultureInfo.InvariantCulture, $"http://{web}/{status}"), $"{status}"), (fields["url"], fields["status"]));
        Assert.Equal(("None", "None", "None"), (fields["resolve"], fields["tls"], fields["cert_days"]));
        long Of(string phase) => long.Parse(fields[phase]["Some(".Length..^1], CultureInfo.InvariantCulture);
        Assert.InRange(Of("connect"), 1, Of("total"));
        Assert.InRange(Of("first_byte"), 1, Of("total"));
        Assert.Equal(status >= 400, fields.ContainsKey("failure"));
    }
}
