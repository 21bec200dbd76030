using Meshpulse.Agent.History;

namespace Meshpulse.Agent.Tests.History;

/// <summary>A folder for a store, gone with the test; skips the test where SQLite is not installed.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meshpulse-history");

    public StoreFolder() => Assert.SkipUnless(HistoryLibrary.TryLoad(out var problem), problem ?? "");

    public string Path => _folder.FullName;

    public string File => System.IO.Path.Combine(Path, "node.history");

    public void Dispose() => _folder.Delete(recursive: true);
}
