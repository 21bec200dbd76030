using System.Reflection;
using Meshpulse.Lab.Processes;
using Microsoft.Playwright;

namespace Meshpulse.Dashboard.Tests.Browsing;

/// <summary>A headless Chromium of this system, driven by Playwright. Skips the test where there is none.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts it.</summary>
    public static async Task<Browser> StartAsync()
    {
        var chromium = Environment.GetEnvironmentVariable("MESHPULSE_CHROMIUM") ?? Tool.Find("chromium") ?? Tool.Find("chromium-browser") ?? Tool.Find("google-chrome");
        Assert.SkipWhen(chromium is null, "chromium is not installed: apt-get install chromium");
        var package = typeof(Browser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PlaywrightPackage").Value;
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", package);
        var playwright = await Playwright.CreateAsync();
        // Its sandbox needs what containers and root do not have.
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu"] });
        return new Browser(playwright, browser);
    }

    /// <summary>Opens a page as a person would who never was here.</summary>
    /// <param name="address">Where.</param>
    /// <param name="width">Of the window.</param>
    /// <param name="height">Of the window.</param>
    /// <param name="isDark">What the system asks for.</param>
    /// <param name="trustsAll">As somebody who has said that a certificate of an authority unknown to the browser will do.</param>
    public async Task<Visit> OpenAsync(string address, int width = 1280, int height = 860, bool isDark = false, bool trustsAll = false)
    {
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = "UTC",
            IgnoreHTTPSErrors = trustsAll,
        });
        context.SetDefaultTimeout((float)Until.Hang.TotalMilliseconds);
        var visit = new Visit(await context.NewPageAsync(), new Uri(address));
        await visit.Page.GotoAsync(address);
        return visit;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
