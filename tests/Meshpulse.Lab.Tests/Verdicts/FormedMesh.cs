namespace Meshpulse.Lab.Verdicts;

/// <summary>A mesh that the tests of a class use one after the other; formed by the first, in its own time, so that it can be skipped there.</summary>
public sealed class FormedMesh : IAsyncDisposable
{
    private JudgingMesh? _mesh;

    /// <summary>The mesh of four nodes, well, and with nothing said yet.</summary>
    internal async Task<JudgingMesh> ReadyAsync()
    {
        _mesh ??= await JudgingMesh.FormAsync(4);
        await _mesh.HealAsync();
        _mesh.Said.Forget();
        return _mesh;
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
