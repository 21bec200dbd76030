using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Loopback;

/// <summary>How a node ends, and what its end does to the others.</summary>
public sealed class SignalTests
{
    // Its pipe is full before the program begins, and nobody reads it: a write never returns.
    private const string FullPipe = """mkfifo "$0" && exec 3<>"$0" && rm "$0" && head -c 65536 /dev/zero >&3 && exec "$@" >&3 3>&-""";

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public async Task A_signal_brings_the_last_table_and_exit_code_0(int signal)
    {
        // Within the test no table is due but the last one.
        await using var mesh = new Mesh(Place.OnLoopback(3), "-i", "600");
        await mesh.FormAsync();
        Assert.All(mesh.Members, member => Assert.Equal(0, member.ReportCount));
        var stopped = mesh[1];
        stopped.Process.Send((Signal)signal);
        Assert.Equal(0, await stopped.Process.ExitAsync());

        var report = Assert.Single(stopped.Transcript.Reports);
        Assert.Equal([mesh[0].Address, mesh[2].Address], report.Rows.Select(row => row.Address));
        Assert.All(report.Rows, row => Assert.NotNull(row.Receive[0]));
        Assert.Empty(stopped.Process.Error.Text);

        // To the others it said good-bye: they know at once, not after a silence.
        await mesh[0].EventAsync(stopped.Address, "Broken pipe");
        await mesh.CompleteAsync([mesh[0], mesh[2]]);
        mesh.AssertOutputIsClean();
    }

    [Fact]
    public async Task A_full_output_that_nobody_reads_does_not_keep_it()
    {
        await using var node = await StartWithFullOutputAsync();
        node.Send(Signal.Interrupt);
        Assert.Equal(0, await node.ExitAsync());
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        // The full output makes the orderly end take 400 ms, so that a second signal finds it unfinished. One that follows
        // within 50 ms counts as the same, so there are more; but none so late that it would find an ended handler.
        await using var node = await StartWithFullOutputAsync();
        var asked = TimeProvider.System.GetTimestamp();
        node.Send(Signal.Interrupt);
        await Until.HoldsAsync(
            () => TimeProvider.System.GetElapsedTime(asked) > TimeSpan.FromMilliseconds(300) || !node.TrySend(Signal.Terminate),
            () => "it lives on");
        Assert.Equal(128 + (int)Signal.Terminate, await node.ExitAsync());
    }

    [Fact]
    public async Task A_mesh_heals_when_a_killed_node_returns()
    {
        await using var mesh = new Mesh(Place.OnLoopback(3), "-i", "1");
        await mesh.FormAsync();

        // The first is the server that the others were given: they must call it again, and it is told of nobody.
        mesh[0].Process.Send(Signal.Kill);
        Assert.Equal(128 + (int)Signal.Kill, await mesh[0].Process.ExitAsync());
        await mesh.CompleteAsync([mesh[1], mesh[2]]);
        await mesh.StartAsync(0, []);
        await mesh.CompleteAsync();

        // The last is known to the others only by its own calls.
        mesh[2].Process.Send(Signal.Kill);
        await mesh.CompleteAsync([mesh[0], mesh[1]]);
        await mesh.StartAsync(2, [1]);
        await mesh.CompleteAsync();
        await mesh.AssertOneConnectionPerPairAsync();
        await mesh.StopAsync();
    }

    private static async Task<NodeProcess> StartWithFullOutputAsync()
    {
        var place = Place.OnLoopback(1)[0];
        var pipe = Path.Combine(Path.GetTempPath(), $"meshpulse-lab-{Guid.NewGuid():N}");
        var node = await NodeProcess.StartAsync(
            ["-b", place.Identity.ToString(), "-m", place.Metrics.ToString()], null, "sh", "-c", FullPipe, pipe, NodeProcess.ProgramFile);
        using var scraper = new Metrics.Scraper(place.Metrics, null);
        await Until.HoldsAsync(async () => await scraper.TryReadAsync() is not null, () => node.Error.Text);
        return node;
    }
}
