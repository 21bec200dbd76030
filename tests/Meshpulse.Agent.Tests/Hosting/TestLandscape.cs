using Meshpulse.Agent.Configuration;
using Meshpulse.Agent.Hosting;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>A configuration's file of a test's own.</summary>
internal sealed class TestLandscape : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meshpulse-landscape-");

    public TestLandscape(string text)
    {
        FilePath = Path.Combine(_folder.FullName, "mesh.toml");
        Write(text);
    }

    public string FilePath { get; }

    /// <summary>A setup whose file is read once and then left where it is; for agents that are not to read it again.</summary>
    public static CheckSetup Setup(string serverName, ICheckListener listener, string text) => new TestLandscape(text).Setup(serverName, listener);

    public CheckSetup Setup(string serverName, ICheckListener listener)
    {
        var source = new LandscapeSource(FilePath, serverName);
        var first = source.Load();
        Assert.Empty(first.Errors);
        return new CheckSetup(source, first, listener);
    }

    /// <summary>Puts another content in the file's place, all at once.</summary>
    public void Write(string text)
    {
        File.WriteAllText(FilePath + ".new", text);
        File.Move(FilePath + ".new", FilePath, overwrite: true);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
