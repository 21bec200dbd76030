using System.Globalization;
using System.Text;
using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Ping;

/// <summary>The configuration of an agent that checks N targets in twenty datacenters, all of them at 127.1.0.1 and up.</summary>
internal static class CheckFile
{
    private const int PerNetwork = 254;
    private const int Datacenters = 20;

    /// <summary>Writes it and returns its path.</summary>
    /// <param name="check">The lines that say how.</param>
    public static string Write(BenchOptions options, int targets, int intervalMicroseconds, string check = "check = \"udp_ping\"")
    {
        var text = new StringBuilder();
        text.Append("[[group]]\nname = \"targets\"\n\n");
        text.Append(CultureInfo.InvariantCulture, $"[[server]]\nname = \"local\"\nip = \"{Ports.Address}:{Ports.Reflector}\"\ndatacenter = \"fra.dc0\"\n\n");
        for (var i = 0; i < targets; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"[[server]]\nname = \"target{i:D4}\"\nip = \"127.1.{i / PerNetwork}.{(i % PerNetwork) + 1}:{Ports.Targets}\"\n");
            text.Append(CultureInfo.InvariantCulture, $"datacenter = \"fra.dc{(i % Datacenters) + 1}\"\ngroups = [\"targets\"]\n\n");
        }

        if (targets > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"[[check]]\nfrom = \"local\"\nto = \"targets\"\n{check}\ninterval = \"{intervalMicroseconds}us\"\n");
        }

        var path = options.Scratch($"check-{targets}-{intervalMicroseconds}.toml");
        File.WriteAllText(path, text.ToString());
        return path;
    }
}
