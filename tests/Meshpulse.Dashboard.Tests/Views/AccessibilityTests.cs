using Meshpulse.Dashboard.Tests.Browsing;
using Meshpulse.Dashboard.Tests.Meshes;

namespace Meshpulse.Dashboard.Tests.Views;

/// <summary>axe-core on every view, light and dark.</summary>
public sealed class AccessibilityTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_view_keeps_somebody_out(bool isDark)
    {
        await using var mesh = await MadeUpMesh.StartAsync(5, "sender,flow,gone,maintenance");
        await using var browser = await Browser.StartAsync();
        foreach (var (hash, there) in ((string, string)[])[
            ("#/", ".matrix canvas"), ("#/matrix", ".matrix canvas"), ("#/hosts", "table.hosts"), ("#/host/10.20.0.3", ".vitals .chart canvas"), ("#/pair/10.20.0.1/10.20.0.3", ".flows"),
            ("#/verdict/v-sender", ".both-ends .chart canvas"), ("#/nowhere", "h1"), ("#/?t=2026-01-01T00:00:00Z", ".time.is-past")])
        {
            var visit = await browser.OpenAsync(mesh.Address + hash, isDark: isDark);
            await visit.Page.Locator(there).First.WaitForAsync();
            if (hash == "#/")
            {
                await visit.Page.Locator(".as-table summary").ClickAsync();
                await visit.Page.Locator(".as-table table").First.WaitForAsync();
            }

            await visit.AssertAccessibleAsync();
        }
    }

    [Fact]
    public async Task Neither_do_the_keys_and_the_login()
    {
        await using var mesh = await MadeUpMesh.StartAsync(5, "none", "--token", "secret");
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address);
        await visit.Page.Locator("form.login").WaitForAsync();
        await visit.AssertAccessibleAsync();
        await visit.PressAsync("Tab");
        await visit.Page.Locator("button[aria-label=Keys]").ClickAsync();
        await visit.Page.Locator("dialog").WaitForAsync();
        await visit.AssertAccessibleAsync();
    }
}
