using Meshpulse.Dashboard.Tests.Browsing;
using Meshpulse.Dashboard.Tests.Meshes;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Dashboard.Tests.Views;

/// <summary>What somebody does who is woken at three: against real agents, one of which is stopped.</summary>
public sealed class PersonsPathTests
{
    [Fact]
    public async Task Open_see_the_fault_named_click_to_the_evidence_and_go_back_in_time()
    {
        await using var mesh = await RealMesh.StartAsync(5);
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address);
        var page = visit.Page;
        await visit.DrawnAsync();
        await visit.SeesAsync(page.Locator(".answer .lead"), "all 5 nodes answer");
        await visit.SeesAsync(page.Locator(".status"), "live");

        var victim = mesh.NameOf(2);
        mesh[2].Send(Signal.Stop);
        var card = page.Locator(".verdict.wrong", new() { HasText = victim });
        await visit.SeesAsync(card, t => t.Contains("is frozen", StringComparison.Ordinal) || t.Contains("is gone", StringComparison.Ordinal), $"{victim} is not named");
        await visit.SeesAsync(visit.Headline, t => t.Contains("wrong", StringComparison.Ordinal), "the headline does not say so");
        await visit.SeesAsync(page.Locator("#news"), victim);
        await visit.SeesAsync(page.Locator(".answer .lead"), "4 of 5 nodes answer");
        await visit.SeesAsync(page.Locator(".matrix .warning"), victim);
        await visit.PictureAsync("overview");

        await card.First.Locator("a").ClickAsync();
        await visit.IsAtAsync(h => h.StartsWith("#/verdict/", StringComparison.Ordinal), "the card does not lead to its evidence");
        await visit.SeesAsync(visit.Headline, victim);
        await visit.SeesAsync(page.Locator(".both-ends h2"), victim);
        await visit.SeesAsync(page.Locator(".chart-title").First, t => t.Length > 0, "no figures");
        await page.Locator(".chart canvas").First.WaitForAsync();
        // The victim is asked as well, in vain: that takes its time.
        await visit.SeesAsync(page.Locator(".both-ends h3").First, "Seen by");
        await visit.PictureAsync("verdict");
        var link = page.Url;

        mesh[2].Send(Signal.Continue);
        await visit.SeesAsync(page.Locator(".lead"), t => t.StartsWith("Ended.", StringComparison.Ordinal), "it does not end");

        await page.Locator("a", new() { HasText = "The matrix at that moment" }).ClickAsync();
        await visit.IsAtAsync(h => h.StartsWith("#/matrix?t=", StringComparison.Ordinal), "no way back to that moment");
        await visit.SeesAsync(page.Locator(".time-shown"), "ago");
        await visit.SeesAsync(visit.Headline, t => t.Contains(" was wrong", StringComparison.Ordinal) || t.Contains(" were wrong", StringComparison.Ordinal), "the past is not told");
        await page.Locator("button.live").ClickAsync();
        await visit.IsAtAsync(h => !h.Contains("t=", StringComparison.Ordinal), "no way back to the present");

        // The address alone shows the same to somebody else.
        var other = await browser.OpenAsync(link);
        await other.SeesAsync(other.Headline, victim);
        visit.AssertNoTrouble();
        other.AssertNoTrouble();
    }

    [Fact]
    public async Task Pairs_and_hosts_have_figures_from_both_ends()
    {
        await using var mesh = await RealMesh.StartAsync(3);
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync($"{mesh.Address}#/pair/{mesh.NameOf(0)}/{mesh.NameOf(1)}");
        var page = visit.Page;
        await visit.SeesAsync(page.Locator(".views .view h3").Nth(0), $"Seen by {mesh.NameOf(0)}");
        await visit.SeesAsync(page.Locator(".views .view h3").Nth(1), $"Seen by {mesh.NameOf(1)}");
        await visit.SeesAsync(page.Locator("table.sums tbody tr").Nth(0), t => t.Contains("(0 %)", StringComparison.Ordinal), "no counts");
        await visit.SeesAsync(page.Locator("table.flows tbody tr").First, "0 %");
        await visit.PictureAsync("pair");

        await page.GotoAsync($"{mesh.Address}#/host/{mesh.NameOf(1)}");
        await visit.SeesAsync(page.Locator("article .lead"), "It answers");
        await visit.SeesAsync(page.Locator("section[aria-label='Its paths'] tbody tr").Nth(1), "µs");
        await visit.SeesAsync(page.Locator(".vitals .chart-title").First, "Stalls");
        await visit.PictureAsync("host");

        await page.GotoAsync($"{mesh.Address}#/hosts");
        await visit.SeesAsync(page.Locator("table.hosts tbody"), mesh.NameOf(2));
        visit.AssertNoTrouble();
    }
}
