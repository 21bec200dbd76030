using Meshpulse.Agent.History;
using Meshpulse.Agent.Tests.History;

namespace Meshpulse.Dashboard.Tests.Meshes;

/// <summary>Real agents whose stores have an hour and a half of a past in which the way from the third to the second was bad for two minutes. Skips the test where SQLite is not installed.</summary>
internal sealed class RememberingMesh : IAsyncDisposable
{
    private const int Count = 3;

    private RememberingMesh(RealMesh mesh, StoredIncident incident) => (Mesh, Incident) = (mesh, incident);

    /// <summary>The agents, well now.</summary>
    public RealMesh Mesh { get; }

    /// <summary>What was an hour ago.</summary>
    public StoredIncident Incident { get; }

    /// <summary>Where the bad direction began.</summary>
    public string From => Mesh.NameOf(2);

    /// <summary>Where it led.</summary>
    public string To => Mesh.NameOf(1);

    /// <summary>Fills the stores, then starts the agents on them.</summary>
    public static async Task<RememberingMesh> StartAsync()
    {
        Assert.SkipUnless(HistoryLibrary.TryLoad(out var problem), problem ?? "");
        StoredIncident? incident = null;
        var mesh = await RealMesh.StartAsync(Count, mesh =>
        {
            string[] names = [.. Enumerable.Range(0, Count).Select(mesh.NameOf)];
            incident = new StoredIncident(names, names[2], names[1], DateTimeOffset.UtcNow.ToUnixTimeSeconds());
            foreach (var name in names)
            {
                incident.Write(HistoryPlace.FileOf(mesh.Folder, name), name);
            }

            return ["--history", mesh.Folder];
        });
        return new RememberingMesh(mesh, incident!);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Mesh.DisposeAsync();
}
