using System.Globalization;
using Meshpulse.Dashboard.Tests.Browsing;
using Meshpulse.Dashboard.Tests.Meshes;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Dashboard.Tests.Views;

/// <summary>What the page does when its node does not answer, or wants a token.</summary>
public sealed class FreshnessTests
{
    [Fact]
    public async Task Old_data_are_called_old_and_the_page_finds_its_node_again()
    {
        await using var mesh = await MadeUpMesh.StartAsync(5, "none");
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address);
        await visit.DrawnAsync();
        await visit.SeesAsync(visit.Page.Locator(".status"), "live");
        await mesh.FallSilentAsync(TimeSpan.FromSeconds(7));
        await visit.SeesAsync(visit.Page.Locator(".old-banner"), t => t.StartsWith("The data are ", StringComparison.Ordinal) && t.Contains(" old: 10.20.0.1 does not answer", StringComparison.Ordinal), "it is not said");
        await visit.Page.Locator("main.is-old").WaitForAsync();
        await visit.SeesAsync(visit.Page.Locator(".status"), "live");
        await visit.Page.Locator(".old-banner").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        Assert.Equal(0, await visit.Page.Locator("main.is-old").CountAsync());
    }

    [Fact]
    public async Task A_real_node_may_be_restarted()
    {
        await using var mesh = await RealMesh.StartAsync(2);
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address);
        await visit.DrawnAsync();
        mesh[0].Send(Signal.Stop);
        await visit.Page.Locator(".old-banner").WaitForAsync();
        mesh[0].Send(Signal.Continue);
        await visit.Page.Locator(".old-banner").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        await visit.SeesAsync(visit.Page.Locator(".status"), "live");
    }

    [Fact]
    public async Task A_token_is_asked_for_once()
    {
        await using var mesh = await MadeUpMesh.StartAsync(5, "none", "--token", "secret");
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address);
        var input = visit.Page.Locator("input[type=password]");
        await input.FillAsync("wrong");
        await visit.PressAsync("Enter");
        await visit.SeesAsync(visit.Page.Locator("form.login .warning"), "a token is wanted");
        await visit.Page.Locator("input[type=password]").FillAsync("secret");
        await visit.PressAsync("Enter");
        await visit.SeesAsync(visit.Headline, "All is well");
        await visit.Page.ReloadAsync();
        await visit.SeesAsync(visit.Headline, "All is well");
        visit.AssertNoTrouble();
    }

    [Fact]
    public async Task Without_history_the_past_is_not_made_up()
    {
        await using var mesh = await MadeUpMesh.StartAsync(5, "sender", "--no-history");
        await using var browser = await Browser.StartAsync();
        var at = DateTime.UtcNow.AddMinutes(-30).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var visit = await browser.OpenAsync($"{mesh.Address}#/matrix?t={at}");
        await visit.DrawnAsync();
        await visit.SeesAsync(visit.Page.Locator(".time .warning"), "This node keeps no history");
        await visit.SeesAsync(visit.Page.Locator(".matrix .warning"), "no history of that time");
    }
}
