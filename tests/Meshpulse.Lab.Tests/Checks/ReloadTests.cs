using System.Globalization;
using System.Net;
using System.Text;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Metrics;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Checks;

/// <summary>The file changes while its probes are under way.</summary>
public sealed class ReloadTests
{
    private const int Staying = 100;
    private const int Passing = 20;
    private const int Rounds = 20;

    // A timeout of 10 s (a machine that stands still for one second is not what this is about) holds so many probes of 25 ms, and one that is being sent.
    private const int MostOutstanding = 401;

    private static readonly string[] s_counters =
    [
        "meshpulse_probes_sent_total", "meshpulse_probes_answered_total", "meshpulse_probes_lost_total", "meshpulse_probes_late_total",
        "meshpulse_probes_duplicate_total", "meshpulse_probes_unknown_total", "meshpulse_probe_latency_seconds_count",
    ];

    [Fact]
    public async Task Twenty_reloads_lose_no_count_of_a_hundred_pairs_that_stay()
    {
        var places = Place.OnLoopback(3);
        var ports = (First: Ports.Next(), Second: Ports.Next(), Own: Ports.Next());
        var prefix = string.Join('.', places[0].Identity.Address.ToString().Split('.')[..2]);
        string Text(int round) => Landscape(prefix, ports, round);

        using var file = new LandscapeFile(Text(0));
        await using var one = await Checker.StartAsync(file, "answers1", places[0]);
        await using var two = await Checker.StartAsync(file, "answers2", places[1]);
        foreach (var answering in new[] { one, two })
        {
            await answering.MetricsAsync(_ => true, "answers no scrape");
        }

        await using var asking = await Checker.StartAsync(file, "asks", places[2]);
        await asking.MetricsAsync(page => Staying == page.All("meshpulse_probes_answered_total").Count(s => IsStaying(s.Labels["target"]) && s.Value > 40), "answers of all");
        var highest = new Dictionary<(string Name, string Target), double>();
        for (var round = 1; round <= Rounds; round++)
        {
            file.Write(Text(round));
            await ReloadAsync(asking, round);
            var page = await asking.ScrapeAsync();
            AssertIsOfRound(page, round);
            AssertNoneFalls(page, highest);
        }

        // Where the last ones have come into force, all the rest of the run is behind them.
        var sentBefore = (await asking.ScrapeAsync()).Find("meshpulse_probes_sent_total", ("target", "stays7"));
        var last = await asking.MetricsAsync(p => p.Find("meshpulse_probes_sent_total", ("target", "stays7")) > sentBefore + 80, "probes no more");
        AssertNoneFalls(last, highest);
        await AssertNothingIsLostAsync(last, asking);
        await asking.StopAsync();
        await one.StopAsync();
        await two.StopAsync();
    }

    [Fact]
    public async Task A_file_that_is_refused_says_why_and_changes_nothing()
    {
        var places = Place.OnLoopback(1);
        var port = Ports.Next();
        string Text(string check) => string.Create(CultureInfo.InvariantCulture, $"""
            port = {port}
            [[server]]
            name = "s"
            ip = "{places[0].Identity.Address}"
            [[check]]
            from = "s"
            to = "s"
            check = "{check}"
            timeout = "10s"

            """);

        var sound = Text("udp_ping");
        using var file = new LandscapeFile(sound);
        await using var checker = await Checker.StartAsync(file, "s", places[0]);
        await checker.MetricsAsync(page => Sent(page) > 40 && IsTaken(page), "probes");
        var wrong = $"{file.FilePath}:8:9: ";

        // By itself, then by signal, then on demand: each tells it.
        file.Write(Text("udp_pong"));
        Assert.StartsWith(wrong, await checker.NoteAsync(wrong), StringComparison.Ordinal);
        await checker.NoteAsync("is refused (the file changed); what was in force stays in force");
        checker.Process.Send(Signal.HangUp);
        await checker.NoteAsync("is refused (SIGHUP); what was in force stays in force");
        await checker.NoteAsync(wrong, 2);
        var (status, said) = await checker.PostReloadAsync();
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(wrong, said, StringComparison.Ordinal);
        await checker.NoteAsync("is refused (POST /-/reload); what was in force stays in force");

        var refused = await checker.MetricsAsync(page => !IsTaken(page), "does not say that the file is refused");
        Assert.Equal(3, refused.Find("meshpulse_config_reloads_total", ("outcome", "refused")));
        Assert.Equal(0, refused.Find("meshpulse_config_reloads_total", ("outcome", "taken")));
        await checker.MetricsAsync(page => Sent(page) > Sent(refused) + 40, "stopped probing");

        // A sound one again, not the same as the first.
        file.Write(sound + "# more\n");
        await checker.NoteAsync("is in force (the file changed)");
        var page = await checker.MetricsAsync(IsTaken, "does not take it");
        Assert.Equal(0, page.Find("meshpulse_probes_lost_total"));
        Assert.True(Sent(page) > Sent(refused) + 40, "began anew");
        await checker.StopAsync();
    }

    /// <summary>By turns the three ways there are; ends when it is in force.</summary>
    private static async Task ReloadAsync(Checker asking, int round)
    {
        var (cause, count) = (round % 3, ((round - 1) / 3) + 1);
        switch (cause)
        {
            case 1:
                await asking.NoteAsync("is in force (the file changed)", count);
                break;
            case 2:
                asking.Process.Send(Signal.HangUp);
                await asking.NoteAsync("is in force (SIGHUP)", count);
                break;
            default:
                // More than one a second are turned away, and said to be.
                var (status, text) = (HttpStatusCode.TooManyRequests, "");
                await Until.HoldsAsync(
                    async () => ((status, text) = await asking.PostReloadAsync()).Item1 != HttpStatusCode.TooManyRequests, () => "it is always too soon");
                Assert.Equal((HttpStatusCode.OK, "reloaded\n"), (status, text));
                await asking.NoteAsync("is in force (POST /-/reload)", count);
                break;
        }
    }

    /// <summary>Two processes answer for all targets, so that neither has to limit what it answers to the one that asks.</summary>
    private static string Landscape(string prefix, (int First, int Second, int Own) ports, int round)
    {
        var text = new StringBuilder("[[group]]\nname = \"targets\"\n");
        Server("asks", $"127.0.0.1:{ports.Own}", "\"here\"", "[]");
        Server("answers1", $"127.0.0.1:{ports.First}", "\"there.one\"", "[]");
        Server("answers2", $"127.0.0.1:{ports.Second}", "\"there.two\"", "[]");
        foreach (var number in Enumerable.Range(1, Staying + Passing).Where(n => n <= Staying || IsThere(n, round)))
        {
            var name = number <= Staying ? $"stays{number}" : $"passes{number}";
            var datacenter = number % 2 == 0 ? "\"there.one\"" : $"\"there.round{round}\"";
            Server(name, $"{prefix}.77.{number}:{(number % 2 == 0 ? ports.First : ports.Second)}", datacenter, "[\"targets\"]");
        }

        return "listen = \"0.0.0.0\"\n" + text.Append("[[check]]\nfrom = \"asks\"\nto = \"targets\"\ncheck = \"udp_ping\"\ntimeout = \"10s\"\n");

        void Server(string name, string ip, string datacenter, string groups) =>
            text.Append(CultureInfo.InvariantCulture, $"[[server]]\nname = \"{name}\"\nip = \"{ip}\"\ndatacenter = {datacenter}\ngroups = {groups}\n");
    }

    private static bool IsThere(int number, int round) => (number + round) % 4 != 0;

    private static bool IsStaying(string target) => target.StartsWith("stays", StringComparison.Ordinal);

    private static void AssertIsOfRound(MetricsPage page, int round)
    {
        var targets = Enumerable.Range(1, Staying).Select(n => $"stays{n}")
            .Concat(Enumerable.Range(Staying + 1, Passing).Where(n => IsThere(n, round)).Select(n => $"passes{n}"))
            .Order(StringComparer.Ordinal);
        foreach (var name in s_counters)
        {
            Assert.Equal(targets, page.Labels(name, "target"));
        }

        Assert.All(
            page.All("meshpulse_probes_sent_total").Where(s => s.Labels["target"] is "stays7" or "stays8"),
            s => Assert.Equal(s.Labels["target"] == "stays7" ? $"there.round{round}" : "there.one", s.Labels["target_datacenter"]));
        Assert.Equal(1, page.Find("meshpulse_config_last_reload_successful"));
        Assert.Equal(round, page.Find("meshpulse_config_reloads_total", ("outcome", "taken")));
    }

    private static void AssertNoneFalls(MetricsPage page, Dictionary<(string Name, string Target), double> highest)
    {
        foreach (var name in s_counters)
        {
            foreach (var (labels, value) in page.All(name).Where(s => IsStaying(s.Labels["target"])))
            {
                var key = (name, labels["target"]);
                Assert.True(value >= highest.GetValueOrDefault(key), $"{key} fell from {highest.GetValueOrDefault(key)} to {value}");
                highest[key] = value;
            }
        }
    }

    private static async Task AssertNothingIsLostAsync(MetricsPage page, Checker asking)
    {
        foreach (var target in Enumerable.Range(1, Staying).Select(n => $"stays{n}"))
        {
            double Of(string what) => page.Find($"meshpulse_probes_{what}_total", ("target", target));
            Assert.Equal([0, 0, 0, 0], new[] { "lost", "late", "duplicate", "unknown" }.Select(Of));
            Assert.InRange(Of("sent") - Of("answered"), 0, MostOutstanding);
            Assert.Equal(Of("answered"), page.Find("meshpulse_probe_latency_seconds_count", ("target", target)));
        }

        // All began within one turn and all have gone on ever since: none was left out for a while, or began anew. A page may be of the midst of a
        // turn that makes up for a stall of this machine, so one of them has to say it.
        await asking.MetricsAsync(p => Due(p) is var due && due.Max() - due.Min() <= 4, "does not treat all alike");
    }

    /// <summary>Of each that stays, how many probes were due.</summary>
    private static List<double> Due(MetricsPage page) =>
    [
        .. Enumerable.Range(1, Staying).Select(n => $"stays{n}").Select(target =>
            page.Find("meshpulse_probes_sent_total", ("target", target))
                + page.All("meshpulse_probes_unsent_total").Where(s => s.Labels["target"] == target).Sum(s => s.Value)),
    ];

    private static double Sent(MetricsPage page) => page.Find("meshpulse_probes_sent_total");

    private static bool IsTaken(MetricsPage page) => page.Find("meshpulse_config_last_reload_successful") == 1;
}
