using System.Diagnostics;
using Meshpulse.Lab.Processes;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Lab.Decoders;

/// <summary>Runs <c>stamp.py</c> with the system's Python, which is the one that has the system's scapy.</summary>
internal static class Scapy
{
    private const string Python = "/usr/bin/python3";

    private static readonly string s_script = Path.Combine(AppContext.BaseDirectory, "Decoders", "stamp.py");

    /// <summary>Skips the test where there is no scapy that knows STAMP.</summary>
    public static async Task RequireAsync()
    {
        const string missing = "there is no scapy with contrib/stamp.py: apt-get install python3-scapy";
        Assert.SkipUnless(File.Exists(Python), missing);
        var (exit, _) = await Tool.RunAsync([Python, "-c", "import scapy.contrib.stamp"]);
        Assert.SkipUnless(exit == 0, missing);
    }

    /// <summary>Runs it to its end and gives the lines that it wrote.</summary>
    public static async Task<string[]> RunAsync(StampMode mode, string key, string input, params string[] arguments)
    {
        var (exit, output) = await Tool.RunAsync(Command(mode, key, arguments), input);
        Assert.True(exit == 0, output);
        return output.Split('\n')[..^1];
    }

    /// <summary>Starts it.</summary>
    public static Task<Process> StartAsync(StampMode mode, string key, params string[] arguments) => Nursery.StartAsync(Command(mode, key, arguments));

    private static string[] Command(StampMode mode, string key, string[] arguments) =>
        [Python, s_script, .. arguments, mode == StampMode.Authenticated ? "authenticated" : "unauthenticated", key];
}
