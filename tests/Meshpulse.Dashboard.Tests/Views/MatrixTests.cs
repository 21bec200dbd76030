using Meshpulse.Dashboard.Tests.Browsing;
using Meshpulse.Dashboard.Tests.Meshes;

namespace Meshpulse.Dashboard.Tests.Views;

/// <summary>Meshes of several sizes, as they look.</summary>
public sealed class MatrixTests
{
    private const string All = "sender,receiver,datacenter,flow,gone,maintenance,missing";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Forty_nodes_show_their_faults(bool isDark)
    {
        await using var mesh = await MadeUpMesh.StartAsync(40, All);
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address, height: 900, isDark: isDark);
        await visit.DrawnAsync();
        await visit.SeesAsync(visit.Headline, "5 things are wrong");
        await visit.SeesAsync(visit.Page.Locator(".matrix .warning"), "No word of 10.22.0.33 and 10.22.1.40 (does not answer)");
        await visit.PictureAsync(isDark ? "matrix-dark" : "matrix");
        visit.AssertNoTrouble();
    }

    [Fact]
    public async Task Three_hundred_are_groups_that_can_be_opened()
    {
        await using var mesh = await MadeUpMesh.StartAsync(300, All);
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address + "#/matrix", height: 900);
        await visit.DrawnAsync();
        await visit.PressAsync("g");
        await visit.SeesAsync(visit.Cell, t => t.StartsWith("ams.dc1 batch (15 nodes) → ams.dc1 cache (15 nodes): of 225 ways", StringComparison.Ordinal), "a cell is not a group");
        await visit.PressAsync("w");
        await visit.SeesAsync(visit.Cell, "the worst is");
        await visit.PressAsync("Home");
        await visit.PressAsync("ArrowLeft");
        await visit.PressAsync("Enter");
        await visit.IsAtAsync(h => h.Contains("open=", StringComparison.Ordinal), "Enter does not open the group");
        await visit.PictureAsync("groups");
        visit.AssertNoTrouble();
    }

    [Fact]
    public async Task A_narrow_window_has_it_all()
    {
        await using var mesh = await MadeUpMesh.StartAsync(40, All);
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address, width: 400, height: 800);
        await visit.DrawnAsync();
        var wide = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(wide <= 400, $"it is {wide} wide");
        await visit.PictureAsync("narrow");
    }

    [Fact]
    public async Task The_evidence_of_a_verdict_is_of_both_ends_with_their_vitals_beneath()
    {
        await using var mesh = await MadeUpMesh.StartAsync(5, "sender", "--began", "240");
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address + "#/verdict/v-sender", height: 1_300);
        var heads = visit.Page.Locator(".both-ends h3");
        foreach (var (index, head) in ((int, string)[])[(0, "Seen by 10.20.0.1"), (1, "Seen by 10.20.0.3"), (2, "Vitals of 10.20.0.3"), (3, "Vitals of 10.20.0.1")])
        {
            await visit.SeesAsync(heads.Nth(index), head);
        }

        await visit.SeesAsync(visit.Page.Locator(".evidence li").First, "longest stall of its own thread: 340 ms (usually 2 ms)");
        await visit.SeesAsync(visit.Page.Locator(".chart").First, "10.20.0.3 → 10.20.0.1");
        await visit.PictureAsync("evidence");
        visit.AssertNoTrouble();
    }

    /// <summary>What is not known is hatched and told as that; nowhere does it become a nought.</summary>
    [Fact]
    public async Task The_table_says_the_same_and_no_data_is_no_zero()
    {
        await using var mesh = await MadeUpMesh.StartAsync(5, "missing");
        await using var browser = await Browser.StartAsync();
        var visit = await browser.OpenAsync(mesh.Address);
        await visit.DrawnAsync();
        await visit.Page.Locator(".as-table summary").ClickAsync();
        var silent = visit.Page.Locator(".as-table tbody tr", new() { Has = visit.Page.Locator("th", new() { HasText = "10.21.0.5" }) });
        Assert.Equal(["no data", "no data", "no data", "no data", ""], (await silent.Locator("td").AllInnerTextsAsync()).Select(t => t.Trim()));
        var other = visit.Page.Locator(".as-table tbody tr", new() { Has = visit.Page.Locator("th", new() { HasText = "10.20.0.1" }) });
        Assert.All((await other.Locator("td").AllInnerTextsAsync()).Skip(1), t => Assert.EndsWith("% lost", t, StringComparison.Ordinal));
    }
}
