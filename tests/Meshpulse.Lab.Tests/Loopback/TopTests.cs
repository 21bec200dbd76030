using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Loopback;

/// <summary>The whole of <c>meshpulse top</c>: a real terminal, keys, real nodes, one of which dies.</summary>
public sealed class TopTests
{
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";

    [Fact]
    public async Task It_shows_the_mesh_takes_keys_and_leaves_the_terminal_as_it_was()
    {
        await using var mesh = new Mesh(Place.OnLoopback(3));
        await mesh.FormAsync();
        await using var terminal = await Terminal.StartAsync(100, 30, NodeProcess.ProgramFile, "top", $"{mesh[0].Place.Metrics}");
        await terminal.ShowsAsync("3 of 3 nodes up", mesh[2].Address, "c: loss");

        terminal.Press("c");
        await terminal.ShowsAsync("c: p50");
        terminal.Press("?");
        await terminal.ShowsAsync("A line is who sends");
        terminal.Press("?");
        await terminal.ShowsAsync("c: p50");
        terminal.Press("p");
        await terminal.ShowsAsync("HELD, ");
        terminal.Press("p");

        mesh[2].Process.Send(Signal.Kill);
        await terminal.ShowsAsync("2 of 3 nodes up", $"host.process_gone {mesh[2].Address}");
        terminal.Press("v");
        await terminal.ShowsAsync("-> ");
        // What was seen last stays on the screen, and is said to be old.
        mesh[0].Process.Send(Signal.Kill);
        await terminal.ShowsAsync(" s OLD: ", mesh[1].Address);

        terminal.Press("q");
        Assert.Equal(0, await terminal.ExitAsync());
        Assert.Contains(Enter, terminal.Text, StringComparison.Ordinal);
        Assert.EndsWith(Leave, terminal.Text.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_small_terminal_shows_what_fits_and_a_signal_leaves_it_as_it_was()
    {
        await using var mesh = new Mesh(Place.OnLoopback(2));
        await mesh.FormAsync();
        await using var terminal = await Terminal.StartAsync(40, 6, NodeProcess.ProgramFile, "top", $"{mesh[1].Place.Metrics}");
        await terminal.ShowsAsync($"meshpulse {mesh[1].Address}", "q: leave");
        Assert.All(terminal.Screen, line => Assert.InRange(line.Length, 0, 40));
        Assert.InRange(terminal.Screen.Count, 1, 6);

        terminal.Send(Signal.Terminate);
        Assert.Equal(0, await terminal.ExitAsync());
        Assert.EndsWith(Leave, terminal.Text.TrimEnd(), StringComparison.Ordinal);
    }
}
