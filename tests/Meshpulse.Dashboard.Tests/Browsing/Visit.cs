using System.Collections.Concurrent;
using System.Text.Json;
using Meshpulse.Lab.Processes;
using Microsoft.Playwright;

namespace Meshpulse.Dashboard.Tests.Browsing;

/// <summary>A page that somebody looks at, with what went wrong in it meanwhile.</summary>
internal sealed class Visit
{
    private readonly ConcurrentQueue<string> _troubles = [];

    public Visit(IPage page, Uri home)
    {
        Page = page;
        page.PageError += (_, message) => _troubles.Enqueue($"error: {message}");
        page.Console += (_, message) =>
        {
            // What does not answer or refuses is told by the page itself; the browser tells it as well.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                _troubles.Enqueue($"console: {message.Text}");
            }
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith("data:", StringComparison.Ordinal) && new Uri(request.Url).Authority != home.Authority)
            {
                _troubles.Enqueue($"asks elsewhere: {request.Url}");
            }
        };
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Where it is, behind the #.</summary>
    public string Hash => new Uri(Page.Url).Fragment;

    /// <summary>What the cell under the cursor is told to be.</summary>
    public ILocator Cell => Page.Locator("#matrix-cell");

    /// <summary>The one line that answers what is wrong.</summary>
    public ILocator Headline => Page.Locator("h1.headline");

    /// <summary>Waits until a text is there that fits.</summary>
    public async Task SeesAsync(ILocator where, Predicate<string> fits, string what)
    {
        var last = "";
        await Until.HoldsAsync(
            async () => await where.CountAsync() > 0 && fits(last = await where.First.InnerTextAsync()),
            () => $"{what}; there is \"{last}\", on {Page.Url}: {string.Join("; ", _troubles)}");
    }

    /// <summary>Waits until a text is there.</summary>
    public Task SeesAsync(ILocator where, string text) => SeesAsync(where, t => t.Contains(text, StringComparison.Ordinal), $"no \"{text}\"");

    /// <summary>Waits until something is told to those who don't see it in words that fit.</summary>
    public async Task LabelsAsync(ILocator where, Predicate<string> fits)
    {
        var last = "";
        await Until.HoldsAsync(
            async () => await where.CountAsync() > 0 && fits(last = await where.First.GetAttributeAsync("aria-label") ?? ""),
            () => $"it is called \"{last}\", on {Page.Url}: {string.Join("; ", _troubles)}");
    }

    /// <summary>Waits until the address is that.</summary>
    public Task IsAtAsync(Predicate<string> hash, string what) => Until.HoldsAsync(() => hash(Hash), () => $"{what}: at {Hash}");

    /// <summary>Waits until the matrix has been drawn.</summary>
    public Task DrawnAsync() => Until.HoldsAsync(
        async () => await Page.EvaluateAsync<int>("globalThis.meshpulseFrames?.times.length ?? 0") > 0,
        () => $"no matrix was drawn: {string.Join("; ", _troubles)}");

    public Task PressAsync(string key) => Page.Keyboard.PressAsync(key);

    /// <summary>Fails where a script failed, something was refused by the page's policy, or another host was asked.</summary>
    public void AssertNoTrouble() => Assert.Empty(_troubles);

    /// <summary>Fails where axe-core finds a violation that keeps somebody out: a serious or a critical one.</summary>
    public async Task AssertAccessibleAsync()
    {
        await Page.EvaluateAsync(await File.ReadAllTextAsync(Checkout.AxeFile));
        var found = await Page.EvaluateAsync<JsonElement>("axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations.map(v => ({ id: v.id, impact: v.impact, nodes: v.nodes.map(n => n.html.slice(0, 200) + ' | ' + n.failureSummary) })))");
        var serious = found.EnumerateArray().Where(v => v.GetProperty("impact").GetString() is "serious" or "critical").Select(v => v.GetRawText()).ToList();
        Assert.True(serious.Count == 0, $"at {Hash}:\n{string.Join("\n", serious)}");
    }

    /// <summary>Keeps a picture: in artifacts/screenshots, and in docs/images where MESHPULSE_SCREENSHOTS is set.</summary>
    public async Task PictureAsync(string name)
    {
        foreach (var folder in Checkout.PictureFolders)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
        }
    }
}
