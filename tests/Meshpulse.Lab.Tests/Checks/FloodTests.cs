using System.Globalization;
using System.Net;
using Meshpulse.Lab.Floods;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Metrics;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Checks;

/// <summary>A reflector that is flooded with what is no request.</summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    private const long Rate = 100_000;
    private const long Count = 500_000;

    [Fact]
    public async Task Malformed_datagrams_cost_no_healthy_pair_a_probe()
    {
        using var flood = await Flood.BuildAsync();
        var places = Place.OnLoopback(3);
        var port = Ports.Next();
        using var file = new LandscapeFile(string.Create(CultureInfo.InvariantCulture, $"""
            port = {port}
            [[group]]
            name = "all"
            [[server]]
            name = "flooded"
            ip = "{places[0].Identity.Address}"
            groups = ["all"]
            [[server]]
            name = "one"
            ip = "{places[1].Identity.Address}"
            groups = ["all"]
            [[server]]
            name = "other"
            ip = "{places[2].Identity.Address}"
            groups = ["all"]
            [[check]]
            from = "all"
            to = "all"
            check = "udp_ping"
            # A machine that stands still for a second is not what this is about.
            timeout = "10s"
            """));
        await using var checkers = new CheckerGroup();
        foreach (var (name, place) in new[] { "flooded", "one", "other" }.Zip(places))
        {
            await checkers.AddAsync(file, name, place);
        }

        await checkers.AssertAllAnswerAsync(40);
        var before = await ScrapeAsync(checkers);
        var (sent, length) = await flood.RunAsync(new IPEndPoint(places[0].Identity.Address, port), Count, Rate);
        output.WriteLine($"{sent} datagrams in {length}");
        Assert.True(sent >= Count);
        var decided = new[] { ("too_short", 3), ("magic", 1), ("type", 1), ("response", 1), ("version", 1) };
        var after = await checkers.Members[0].MetricsAsync(
            page => decided.Sum(d => Decided(page, d.Item1)) + Drops(page) == sent, $"has not counted all of {sent} datagrams");
        Assert.All(decided, d => Assert.InRange(Decided(after, d.Item1), (sent / Flood.Kinds * d.Item2) - Drops(after), sent / Flood.Kinds * d.Item2));

        // What was on its way at the end is decided a second later; a report more, and every line of the time has been written.
        await checkers.AssertAllAnswerAsync(190);
        var pages = await ScrapeAsync(checkers);
        foreach (var (member, page, earlier) in checkers.Members.Zip(pages, before))
        {
            foreach (var (labels, lost) in page.All("meshpulse_probes_lost_total"))
            {
                var target = labels["target"];
                Assert.True(Probes(page, "sent", target) - Probes(earlier, "sent", target) > 100, "the flood was over before anything was probed");
                // Where the kernel had no room for the flood, a request to the flooded one may be among what it dropped; nothing else may.
                var excuse = target == "flooded" ? Drops(after) : 0;
                Assert.True(lost - Probes(earlier, "lost", target) <= excuse, $"{member.Name} -> {target} lost {lost}, dropped {Drops(after)}\n{checkers.Printed}");
            }

            Assert.InRange(page.Value("process_resident_memory_bytes"), 1, earlier.Value("process_resident_memory_bytes") + (64 << 20));
        }

        Assert.Equal(0, pages[0].Find("meshpulse_reflector_unsent_total"));
        await checkers.StopAsync();
    }

    private static double Decided(MetricsPage page, string decision) => page.Find("meshpulse_reflector_datagrams_total", ("decision", decision));

    private static double Drops(MetricsPage page) => page.Find("meshpulse_receive_queue_drops_total", ("queue", "reflector"));

    private static double Probes(MetricsPage page, string what, string target) => page.Find($"meshpulse_probes_{what}_total", ("target", target));

    private static async Task<List<MetricsPage>> ScrapeAsync(CheckerGroup checkers)
    {
        var pages = new List<MetricsPage>();
        foreach (var member in checkers.Members)
        {
            pages.Add(await member.ScrapeAsync());
        }

        return pages;
    }
}
