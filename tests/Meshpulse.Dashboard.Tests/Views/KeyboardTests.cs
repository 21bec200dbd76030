using Meshpulse.Dashboard.Tests.Browsing;
using Meshpulse.Dashboard.Tests.Meshes;

namespace Meshpulse.Dashboard.Tests.Views;

/// <summary>Everything without a mouse.</summary>
public sealed class KeyboardTests
{
    [Fact]
    public async Task From_the_fault_to_its_evidence_and_back()
    {
        await using var mesh = await MadeUpMesh.StartAsync(5, "sender,flow");
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address);
        await visit.SeesAsync(visit.Headline, "2 things are wrong");
        await visit.PressAsync("v");
        await visit.PressAsync("Enter");
        await visit.IsAtAsync(h => h == "#/verdict/v-sender", "v and Enter do not open the first verdict");
        await visit.SeesAsync(visit.Headline, "10.20.0.3 stalls");
        await visit.PressAsync("Escape");
        await visit.IsAtAsync(h => h is "#/" or "", "Escape does not go back");
        await visit.PressAsync("[");
        await visit.IsAtAsync(h => h.StartsWith("#/?t=", StringComparison.Ordinal), "[ does not go back in time");
        await visit.SeesAsync(visit.Headline, ": All was well");
        await visit.PressAsync("l");
        await visit.IsAtAsync(h => h == "#/", "l does not come back");
        visit.AssertNoTrouble();
    }

    [Fact]
    public async Task The_matrix_is_walked_with_the_arrows_and_told_in_words()
    {
        await using var mesh = await MadeUpMesh.StartAsync(5, "sender");
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address);
        await visit.DrawnAsync();
        await visit.PressAsync("g");
        await visit.SeesAsync(visit.Cell, "10.20.0.1 → 10.20.0.2: nothing lost");
        await visit.PressAsync("ArrowDown");
        await visit.PressAsync("ArrowDown");
        await visit.SeesAsync(visit.Cell, t => t.StartsWith("10.20.0.3 → 10.20.0.2: 1", StringComparison.Ordinal) && t.Contains("a verdict names it", StringComparison.Ordinal), "no bad cell below");
        await visit.SeesAsync(visit.Cell, "Exactly, in the last seconds:");
        await visit.PressAsync("Home");
        await visit.PressAsync("ArrowLeft");
        await visit.SeesAsync(visit.Cell, "From 10.20.0.3 to all: of 4 ways 4 lose packets");
        await visit.PressAsync("ArrowRight");
        await visit.PressAsync("2");
        await visit.IsAtAsync(h => h.Contains("colour=p99", StringComparison.Ordinal), "2 does not change the colour");
        await visit.PressAsync("Enter");
        await visit.IsAtAsync(h => h == "#/pair/10.20.0.3/10.20.0.1", "Enter does not open the pair");
        visit.AssertNoTrouble();
    }

    [Fact]
    public async Task What_an_analysis_printed_is_opened_with_Enter_and_scrolled_to()
    {
        await using var mesh = await MadeUpMesh.StartAsync(5, "flow");
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address + "#/pair/10.20.0.1/10.20.0.3");
        var trace = visit.Page.Locator(".trace").First;
        await visit.SeesAsync(trace.Locator("summary"), " · 10.20.0.3 · path · verdict path.flow_loss, source ports 40003 · failed");
        Assert.False(await trace.Locator("pre").IsVisibleAsync());
        await trace.Locator("summary").FocusAsync();
        await visit.PressAsync("Enter");
        await visit.SeesAsync(trace.Locator("pre"), "# after 2.1 s: exit code 1");
        await visit.PressAsync("Tab");
        // This browser reaches what scrolls anyway; others want to be told.
        Assert.Equal("What path printed on 10.20.0.3, 0", await visit.Page.EvaluateAsync<string>("(a => a.getAttribute('aria-label') + ', ' + a.getAttribute('tabindex'))(document.activeElement)"));
        await visit.AssertAccessibleAsync();
        visit.AssertNoTrouble();
    }

    [Fact]
    public async Task Keys_are_told_and_the_tab_key_reaches_everything()
    {
        await using var mesh = await MadeUpMesh.StartAsync(5, "none");
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address);
        await visit.SeesAsync(visit.Headline, "All is well");
        await visit.PressAsync("?");
        await visit.SeesAsync(visit.Page.Locator("dialog"), "to the next of the worst cells");
        await visit.PressAsync("Escape");
        await visit.Page.Locator("dialog").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });

        var reached = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            await visit.PressAsync("Tab");
            reached.Add(await visit.Page.EvaluateAsync<string>("document.activeElement.getAttribute('role') ?? document.activeElement.tagName.toLowerCase() + ' ' + document.activeElement.textContent.trim()"));
        }

        foreach (var wanted in (string[])["a To the content", "a Overview", "a Matrix", "a Hosts", "slider", "button Live", "application", "summary The same as a table"])
        {
            Assert.Contains(wanted, reached);
        }

        Assert.True(reached.IndexOf("slider") < reached.IndexOf("application"), string.Join(", ", reached));
        visit.AssertNoTrouble();
    }

    [Fact]
    public async Task The_time_line_is_a_slider()
    {
        await using var mesh = await MadeUpMesh.StartAsync(5, "sender");
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address);
        await visit.DrawnAsync();
        var slider = visit.Page.Locator("[role=slider]");
        await slider.FocusAsync();
        await visit.PressAsync("PageDown");
        await visit.IsAtAsync(h => h.StartsWith("#/?t=", StringComparison.Ordinal), "PageDown does not go back");
        Assert.Contains("10 min ago", await slider.GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);
        await visit.PressAsync("End");
        await visit.IsAtAsync(h => h == "#/", "End is not the present");
        Assert.Equal("now, live", await slider.GetAttributeAsync("aria-valuetext"));
    }
}
