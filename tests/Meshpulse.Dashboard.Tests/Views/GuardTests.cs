using Meshpulse.Dashboard.Tests.Browsing;
using Meshpulse.Dashboard.Tests.Meshes;
using Microsoft.Playwright;

namespace Meshpulse.Dashboard.Tests.Views;

/// <summary>Real agents that serve TLS, and want a token.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class GuardTests
{
    [Fact]
    public async Task Over_TLS_the_page_shows_nothing_before_it_has_the_token_and_all_of_it_afterwards()
    {
        await using var mesh = await RealMesh.StartAsync(2, mesh => MeshGuard.Write(mesh.Folder, [mesh.NameOf(0), mesh.NameOf(1)]), isTls: true);
        await using var browser = await Browser.StartAsync();
        await Assert.ThrowsAnyAsync<PlaywrightException>(() => browser.OpenAsync(mesh.Address));

        var visit = await browser.OpenAsync(mesh.Address, trustsAll: true);
        var page = visit.Page;
        Assert.StartsWith("https://", page.Url, StringComparison.Ordinal);
        await page.Locator("form.login").WaitForAsync();
        Assert.Equal(0, await page.Locator("canvas").CountAsync());
        Assert.DoesNotContain("127.", await page.Locator("body").InnerTextAsync(), StringComparison.Ordinal);
        await page.Locator("input[type=password]").FillAsync("fedcba9876543210");
        await visit.PressAsync("Enter");
        await visit.SeesAsync(page.Locator("form.login .warning"), "token");
        await page.Locator("input[type=password]").FillAsync(MeshGuard.Token);
        await visit.PressAsync("Enter");
        await visit.DrawnAsync();
        await visit.SeesAsync(page.Locator(".answer .lead"), "all 2 nodes answer");
        await visit.SeesAsync(page.Locator(".status"), "live");

        // The other end tells its own only to who knows the token, over TLS.
        await page.GotoAsync($"{mesh.Address}#/pair/{mesh.NameOf(0)}/{mesh.NameOf(1)}");
        await visit.SeesAsync(page.Locator(".views .view h3").Nth(1), $"Seen by {mesh.NameOf(1)} told by it");
        visit.AssertNoTrouble();
    }
}
