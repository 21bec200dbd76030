using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Checks;

/// <summary>A configuration's file in a folder of its own, which goes with it.</summary>
internal sealed class LandscapeFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meshpulse-lab-");

    /// <param name="text">What stands in it.</param>
    public LandscapeFile(string text)
    {
        FilePath = Path.Combine(_folder.FullName, "mehsh.toml");
        Write(text);
    }

    /// <summary>Where it is.</summary>
    public string FilePath { get; }

    /// <summary>A path in its folder.</summary>
    public string Beside(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Puts another text in its place, at once and whole.</summary>
    public void Write(string text)
    {
        var next = FilePath + ".next";
        File.WriteAllText(next, text);
        File.Move(next, FilePath, overwrite: true);
    }

    /// <summary>A link to the program in the folder, under which the program is called by another name.</summary>
    public string LinkTo(string name)
    {
        var link = Beside(name);
        File.CreateSymbolicLink(link, NodeProcess.ProgramFile);
        return link;
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Delete(recursive: true);
}
