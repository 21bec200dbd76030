using System.Diagnostics;
using Meshpulse.Linux.Terminals;

namespace Meshpulse.Linux.Tests.Terminals;

public sealed class TerminalWindowTests
{
    [Fact]
    public void What_is_no_terminal_has_no_window()
    {
        using var file = File.OpenHandle("/dev/null");
        Assert.False(TerminalWindow.TryGetSize((int)file.DangerousGetHandle(), out var columns, out var lines));
        Assert.Equal((0, 0), (columns, lines));
    }

    [Fact]
    public void A_terminals_size_is_its_own()
    {
        // script(1) makes a terminal, whose other end it holds; its size is set by whoever sits at it.
        var start = new ProcessStartInfo("script", ["-qec", "stty cols 91 rows 17; tty; sleep 20", "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        using var script = Process.Start(start)!;
        try
        {
            var name = script.StandardOutput.ReadLine()!.Trim();
            using var terminal = File.OpenHandle(name);
            Assert.True(TerminalWindow.TryGetSize((int)terminal.DangerousGetHandle(), out var columns, out var lines));
            Assert.Equal((91, 17), (columns, lines));
        }
        finally
        {
            script.Kill(entireProcessTree: true);
        }
    }
}
