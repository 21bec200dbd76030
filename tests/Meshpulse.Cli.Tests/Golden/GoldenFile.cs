namespace Meshpulse.Cli.Tests.Golden;

/// <summary>Texts that have to stay as they are, to the character.</summary>
internal static class GoldenFile
{
    public static string Read(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name));
}
