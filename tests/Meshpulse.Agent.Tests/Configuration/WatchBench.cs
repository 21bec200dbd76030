using Meshpulse.Agent.Configuration;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Configuration;

/// <summary>A watch whose timer never ticks, on a file of its own; begins with a sound file of port 4000.</summary>
internal sealed class WatchBench : IAsyncDisposable
{
    private long _milliseconds = 1_000;

    public WatchBench()
    {
        Write(4000);
        Source = new LandscapeSource(FilePath, Landscapes.Name);
        Watch = new LandscapeWatch(Source, Source.Load(), (load, cause) => Told.Add((load, cause)), Timeout.InfiniteTimeSpan);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("meshpulse-watch-").FullName;

    public string FilePath => Path.Combine(Folder, "mesh.toml");

    public LandscapeSource Source { get; }

    public LandscapeWatch Watch { get; }

    public List<(LandscapeLoad Load, string Cause)> Told { get; } = [];

    public void Write(int port) => File.WriteAllText(FilePath, Landscapes.Of(port));

    /// <summary>Looks once after so many milliseconds.</summary>
    public bool Look(int after = 1_000)
    {
        _milliseconds += after;
        return Watch.Look(new MonoTime(_milliseconds * 1_000_000));
    }

    /// <summary>Looks until nothing is pending.</summary>
    public void Rest()
    {
        for (var looks = 0; !Look(); looks++)
        {
            Assert.True(looks < 3, "a file that nobody writes does not come to rest");
        }
    }

    /// <summary>Rests and gives the only reading that was told.</summary>
    public LandscapeLoad RestAndTake()
    {
        Rest();
        var (load, cause) = Assert.Single(Told);
        Assert.Equal("the file changed", cause);
        Told.Clear();
        return load;
    }

    public async ValueTask DisposeAsync()
    {
        await Watch.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
