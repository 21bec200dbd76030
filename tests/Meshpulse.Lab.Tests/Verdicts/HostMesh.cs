using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Verdicts;

/// <summary>One mesh for all faults of hosts, one after the other: forming and learning takes longer than most of them.</summary>
public sealed class HostMesh : IAsyncDisposable
{
    private JudgingMesh? _mesh;

    /// <summary>The mesh, well, with nothing said yet.</summary>
    internal async Task<JudgingMesh> WellAsync()
    {
        _mesh ??= await JudgingMesh.FormAsync(4);
        await _mesh.HealAsync();
        _mesh.Said.Forget();
        return _mesh;
    }

    /// <summary>The mesh, of which one node was started anew by a command, such as one that enters a control group.</summary>
    internal async Task<JudgingMesh> WellAsync(int index, IReadOnlyList<string> before)
    {
        var mesh = await WellAsync();
        mesh.Before[index] = before;
        mesh[index].Process.Send(Signal.Terminate);
        await mesh[index].Process.ExitAsync();
        await mesh.StartAsync(index);
        mesh.Before.Remove(index);
        return await WellAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_mesh is not null)
        {
            await _mesh.DisposeAsync();
        }
    }
}
