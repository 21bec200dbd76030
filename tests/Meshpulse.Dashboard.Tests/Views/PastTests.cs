using System.Globalization;
using System.Text.RegularExpressions;
using Meshpulse.Agent.Tests.History;
using Meshpulse.Dashboard.Tests.Browsing;
using Meshpulse.Dashboard.Tests.Meshes;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Dashboard.Tests.Views;

/// <summary>What somebody does who hears in the morning that it was bad at night: all is well now, and the nodes' stores have what was.</summary>
public sealed class PastTests
{
    // The store has ten seconds as one where it is older than an hour: nearer to the edges a moment is half calm, half bad.
    private const int Edge = 12;

    [Fact]
    public async Task Go_back_an_hour_see_the_fault_of_then_click_to_its_evidence_and_share_it()
    {
        await using var remembering = await RememberingMesh.StartAsync();
        var (mesh, from, to) = (remembering.Mesh, remembering.From, remembering.To);
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address);
        var page = visit.Page;
        await visit.DrawnAsync();
        await visit.SeesAsync(page.Locator(".answer .lead"), "all 3 nodes answer");
        await SeesInTableAsync(visit, from, to, loss => loss < 0.01);
        Assert.Equal(0, await CardOf(visit, from, to).CountAsync());

        await GoBackAnHourAsync(visit, remembering.Incident);
        await page.Locator(".time.is-past").WaitForAsync();
        await visit.SeesAsync(page.Locator(".time-shown"), " ago");
        await visit.SeesAsync(visit.Headline, ": One thing was wrong");
        await visit.SeesAsync(CardOf(visit, from, to), "Packets are lost");
        await SeesInTableAsync(visit, from, to, loss => loss is > 0.28 and < 0.32);
        Assert.Equal(0, await page.Locator(".matrix .warning").CountAsync());
        await visit.PictureAsync("past");

        await visit.PressAsync("g");
        await visit.PressAsync("w");
        await visit.SeesAsync(
            visit.Cell,
            t => t.StartsWith($"{from} → {to}: ", StringComparison.Ordinal) && t.Contains("of the packets lost", StringComparison.Ordinal) && t.Contains("a verdict names it", StringComparison.Ordinal),
            "the worst cell is not told");

        await CardOf(visit, from, to).Locator("a").ClickAsync();
        await visit.IsAtAsync(h => h.StartsWith($"#/verdict/{StoredIncident.VerdictId}?t=", StringComparison.Ordinal), "the card does not lead to its evidence of then");
        await visit.SeesAsync(visit.Headline, $"Packets were lost from {from} to {to}");
        await visit.SeesAsync(page.Locator(".evidence li").First, "packets lost on the way there: 30 %");
        await SeesLossAsync(visit, from, to);
        await visit.PressAsync("Escape");
        await visit.IsAtAsync(h => h.StartsWith("#/?t=", StringComparison.Ordinal), "Escape does not go back to the overview of then");

        await visit.DrawnAsync();
        await visit.SeesAsync(visit.Headline, ": One thing was wrong");
        await visit.PressAsync("g");
        await visit.PressAsync("w");
        await visit.SeesAsync(visit.Cell, $"{from} → {to}: ");
        await visit.PressAsync("Enter");
        await visit.IsAtAsync(h => h.StartsWith($"#/pair/{from}/{to}?t=", StringComparison.Ordinal), "Enter does not open the pair of then");
        await SeesPairOfThenAsync(visit, from, to);
        await visit.PictureAsync("past-pair");

        // The address alone shows the same to somebody else.
        var other = await browser.OpenAsync(page.Url);
        await SeesPairOfThenAsync(other, from, to);
        Assert.Equal(await ShownAsync(visit), await ShownAsync(other));

        await visit.PressAsync("l");
        await visit.IsAtAsync(h => h == $"#/pair/{from}/{to}", "l does not come back to the present");
        await page.Locator(".time:not(.is-past)").WaitForAsync();
        await visit.SeesAsync(page.Locator(".time-shown"), "now");
        await visit.SeesAsync(page.Locator("table.sums tbody tr").First, t => Fits(t, @"\t0 \(0 %\)\t0 \(0 %\)"), "the present has the past's losses");
        await visit.PressAsync("o");
        await visit.IsAtAsync(h => h == "#/", "o does not lead to the overview of now");
        Assert.Equal(0, await CardOf(visit, from, to).CountAsync());
        visit.AssertNoTrouble();
        other.AssertNoTrouble();
    }

    /// <summary>To the beginning of the time line, which is an hour ago, and from there in steps of a minute to where it was bad.</summary>
    private static async Task GoBackAnHourAsync(Visit visit, StoredIncident incident)
    {
        var slider = visit.Page.Locator("[role=slider]");
        await slider.FocusAsync();
        await visit.PressAsync("Home");
        await visit.IsAtAsync(h => h.StartsWith("#/?t=", StringComparison.Ordinal), "Home does not go back");
        Assert.EndsWith(" ago", await slider.GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);
        for (var steps = 0; MomentOf(visit) is var at && (at < incident.Began + Edge || at > incident.Ended - Edge); steps++)
        {
            Assert.True(steps < 10, $"an hour ago is {visit.Hash}, and it was bad from {incident.Began} to {incident.Ended}");
            var before = visit.Hash;
            await visit.PressAsync(at < incident.Began + Edge ? "]" : "[");
            await visit.IsAtAsync(h => h != before, "[ and ] do not step in time");
        }
    }

    /// <summary>The moment in the address, in seconds since 1970.</summary>
    private static long MomentOf(Visit visit) => DateTimeOffset.Parse(visit.Hash.Split("t=")[1].Split('&')[0], CultureInfo.InvariantCulture).ToUnixTimeSeconds();

    private static Microsoft.Playwright.ILocator CardOf(Visit visit, string from, string to) =>
        visit.Page.Locator("ul[aria-label='In force'] .verdict", new() { HasText = $"from {from} to {to}" });

    /// <summary>The matrix in words: that way has such a loss, all others have none.</summary>
    private static async Task SeesInTableAsync(Visit visit, string from, string to, Predicate<double> fits)
    {
        var last = "";
        await visit.Page.Locator(".as-table summary").ClickAsync();
        await Until.HoldsAsync(
            async () =>
            {
                last = await visit.Page.Locator(".as-table").InnerTextAsync();
                var lines = last[Math.Max(0, last.IndexOf("All ways", StringComparison.Ordinal))..].Split('\n').Select(l => l.Split('\t')).Where(l => l.Length == 4).ToList();
                var names = lines.FirstOrDefault()?.Where(n => n.Length > 0).ToList() ?? [];
                var cells = lines.Skip(1).SelectMany(l => names.Select((n, i) => (From: l[0], To: n, Text: l.ElementAtOrDefault(i + 1) ?? ""))).Where(c => c.From != c.To).ToList();
                return cells.Count == 6 && cells.All(c => LossOf(c.Text) is { } share && ((c.From, c.To) == (from, to) ? fits(share) : share < 0.01));
            },
            () => $"the matrix of {visit.Page.Url} is another:\n{last}");
    }

    /// <summary>The series of both ends have the fault, of one direction alone.</summary>
    private static async Task SeesLossAsync(Visit visit, string from, string to)
    {
        foreach (var observer in (string[])[from, to])
        {
            var charts = visit.Page.Locator($"section[aria-label='Seen by {observer}'] figure.chart");
            await visit.LabelsAsync(charts.And(visit.Page.Locator("[aria-label^='Packets lost']")), l => l.Contains($"{from} → {to}: last 0 %, worst 30 %", StringComparison.Ordinal) && l.Contains($"{to} → {from}: 0 %", StringComparison.Ordinal));
            await visit.LabelsAsync(charts.And(visit.Page.Locator("[aria-label^='Delay each way']")), l => Fits(l, $@"{from} → {to} 99 %: last \d+ µs, worst (39|4\d)(\.\d)? ms") && Fits(l, $@"{to} → {from} 99 %: (last )?\d+ µs"));
        }
    }

    private static async Task SeesPairOfThenAsync(Visit visit, string from, string to)
    {
        var page = visit.Page;
        await page.Locator(".time.is-past").WaitForAsync();
        await visit.SeesAsync(page.Locator(".time-shown"), " ago");
        await visit.SeesAsync(page.Locator("h1"), t => t.StartsWith($"{from} → {to}", StringComparison.Ordinal), "it is another pair");
        var lost = (StoredIncident.BadLength * StoredIncident.LostPerSecond).ToString("N0", CultureInfo.InvariantCulture);
        var rows = page.Locator("table.sums tbody tr");
        await visit.SeesAsync(rows.Nth(0), t => Fits(t, $@"^{from}\s.*\t{lost} \(\S+ %\)\t0 \(0 %\)"), "its sender has not counted the loss on the way there");
        await visit.SeesAsync(rows.Nth(1), t => Fits(t, $@"^{to}\s.*\t0 \(0 %\)\t{lost} \(\S+ %\)"), "its receiver has not counted the loss on the way back");
        await SeesLossAsync(visit, from, to);
        await visit.SeesAsync(page.Locator("section[aria-label=Verdicts]"), $"Packets were lost from {from} to {to}");
    }

    /// <summary>What a page shows that has to be the same for everybody.</summary>
    private static async Task<(string Hash, string Verdict, string Time)> ShownAsync(Visit visit) => (
        visit.Hash,
        await visit.Page.Locator("section[aria-label=Verdicts] .verdict-text").InnerTextAsync(),
        (await visit.Page.Locator(".time-shown").InnerTextAsync()).Split(' ')[0]);

    /// <summary>The share in a cell's words; null where they tell none.</summary>
    private static double? LossOf(string words) =>
        words.Split(" % lost") is [var number, ""] && double.TryParse(number, CultureInfo.InvariantCulture, out var percent) ? percent / 100 : null;

    private static bool Fits(string text, string pattern) => Regex.IsMatch(text, pattern, RegexOptions.ExplicitCapture, Until.Hang);
}
