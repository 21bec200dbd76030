using Meshpulse.Linux.Vitals;

namespace Meshpulse.Linux.Tests.Vitals;

/// <summary>A copy of a recorded host, whose files a test may change.</summary>
internal sealed class RecordedHost : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("meshpulse-host-").FullName;

    /// <summary>One of those under Hosts; null for a host that tells nothing at all.</summary>
    public RecordedHost(string? name)
    {
        if (name is null)
        {
            return;
        }

        var recorded = Path.Combine(AppContext.BaseDirectory, "Vitals", "Hosts", name);
        foreach (var file in Directory.EnumerateFiles(recorded, "*", SearchOption.AllDirectories))
        {
            var copy = PathOf(Path.GetRelativePath(recorded, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public HostRoots Roots => HostRoots.Recorded(_directory);

    public string PathOf(string inside) => Path.Combine(_directory, inside);

    /// <summary>Changes a file without making it another one: readers hold it open.</summary>
    public void Write(string inside, string text)
    {
        using var file = new FileStream(PathOf(inside), FileMode.Truncate, FileAccess.Write);
        file.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
