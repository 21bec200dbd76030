using System.Diagnostics;

namespace Meshpulse.Agent.Tests.Configuration;

/// <summary>Texts of configurations, and what else may stand in a file's place.</summary>
internal static class Landscapes
{
    public const string Name = "a";

    /// <summary>A sound file whose only server is <see cref="Name"/>; different ports are different contents of the same length.</summary>
    public static string Of(int port) => $"port = {port}\n[[server]]\nname = \"a\"\nip = \"192.0.2.1\"\n[[check]]\nfrom = \"a\"\nto = \"a\"\ncheck = \"udp_ping\"\n";

    public static async Task RunAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(tool, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
