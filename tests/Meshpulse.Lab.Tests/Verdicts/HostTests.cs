using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Verdicts;

/// <summary>What is wrong with a host: everybody says so, and nobody blames the network.</summary>
public sealed class HostTests
{
    [Fact]
    public async Task A_stopped_process_was_frozen()
    {
        await using var mesh = await JudgingMesh.FormAsync(4);
        mesh.Said.Forget();
        await mesh[1].Process.FreezeAsync(TimeSpan.FromSeconds(2));
        var frozen = new Claim("host.frozen", mesh.Name(1));
        await mesh.Said.UntilAsync(mesh.Everybody, frozen);
        await mesh.HealAsync();
        mesh.Said.AssertNothingBut(frozen);
    }
}
