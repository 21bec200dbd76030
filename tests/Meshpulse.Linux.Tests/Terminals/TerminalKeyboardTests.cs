using System.Diagnostics;
using Meshpulse.Linux.Terminals;

namespace Meshpulse.Linux.Tests.Terminals;

public sealed class TerminalKeyboardTests
{
    [Fact]
    public void What_is_no_terminal_has_no_keys()
    {
        using var file = File.OpenHandle("/dev/null");
        Assert.Null(TerminalKeyboard.TryOpen((int)file.DangerousGetHandle()));
    }

    [Fact]
    public void Keys_come_one_by_one_and_the_terminal_is_left_as_it_was()
    {
        // script(1) makes a terminal, whose other end it holds: what is written to its input is typed there.
        var start = new ProcessStartInfo("script", ["-qec", "tty; sleep 20", "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        using var script = Process.Start(start)!;
        try
        {
            var name = script.StandardOutput.ReadLine()!.Trim();
            using var terminal = File.OpenHandle(name, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var before = Settings(name);
            using (var keyboard = TerminalKeyboard.TryOpen((int)terminal.DangerousGetHandle())!)
            {
                Assert.NotEqual(before, Settings(name));
                script.StandardInput.Write("\e[A");
                script.StandardInput.Flush();
                var typed = new List<byte>();
                Span<byte> keys = stackalloc byte[8];
                while (typed.Count < 3)
                {
                    typed.AddRange(keys[..keyboard.Read(keys)]);
                }

                Assert.Equal("\e[A"u8.ToArray(), typed);
            }

            Assert.Equal(before, Settings(name));
        }
        finally
        {
            script.Kill(entireProcessTree: true);
        }
    }

    private static string Settings(string terminal)
    {
        using var stty = Process.Start(new ProcessStartInfo("stty", ["-F", terminal, "-g"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var settings = stty.StandardOutput.ReadToEnd();
        stty.WaitForExit();
        return settings;
    }
}
