namespace Meshpulse.Dashboard.Tests.Browsing;

/// <summary>Where the things of this source tree are.</summary>
internal static class Checkout
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The mock's script.</summary>
    public static string MockFile => Path.Combine(Root, "dashboard/mock/server.mjs");

    /// <summary>The built files.</summary>
    public static string DistFolder => Path.Combine(Root, "artifacts/dashboard/dist");

    /// <summary>axe-core. Skips the test where npm did not fetch it.</summary>
    public static string AxeFile
    {
        get
        {
            var file = Path.Combine(Root, "dashboard/node_modules/axe-core/axe.min.js");
            Assert.SkipUnless(File.Exists(file), "axe-core is not there: npm ci in dashboard/");
            return file;
        }
    }

    /// <summary>Where pictures go.</summary>
    public static IEnumerable<string> PictureFolders
    {
        get
        {
            yield return Directory.CreateDirectory(Path.Combine(Root, "artifacts/screenshots")).FullName;
            if (Environment.GetEnvironmentVariable("MESHPULSE_SCREENSHOTS") is { Length: > 0 })
            {
                yield return Directory.CreateDirectory(Path.Combine(Root, "docs/images")).FullName;
            }
        }
    }

    /// <summary>Skips the test where the dashboard could not be built.</summary>
    public static void RequireDashboard()
    {
        var without = Path.Combine(Root, "artifacts/dashboard/without");
        Assert.SkipWhen(File.Exists(without), $"built without the dashboard: {(File.Exists(without) ? File.ReadLines(without).First() : "")}");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Meshpulse.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no Meshpulse.slnx above {AppContext.BaseDirectory}");
    }
}
