using System.Text;

namespace Meshpulse.Cli.Demo;

/// <summary>The configuration of the demonstration, in a folder of its own that goes with it.</summary>
internal sealed class DemoLandscape : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meshpulse-demo-");

    /// <summary>Writes it.</summary>
    /// <param name="network">The first three numbers of the nodes' addresses.</param>
    /// <param name="nodes">How many there are.</param>
    /// <param name="reportSeconds">Time between reports.</param>
    public DemoLandscape(string network, int nodes, int reportSeconds)
    {
        FilePath = Path.Combine(_folder.FullName, "demo.toml");
        var text = new StringBuilder($"report_interval = \"{reportSeconds}s\"\nwindow = \"{reportSeconds}s\"\nmaintenance_file = \"{_folder.FullName}/maintenance\"\n\n[[group]]\nname = \"nodes\"\n");
        for (var i = 1; i <= nodes; i++)
        {
            text.Append(Server(NameOf(i), $"{network}.{i}", i <= nodes / 2 ? "demo.left" : "demo.right", "\"nodes\""));
        }

        text.Append(Server("nobody", $"{network}.99", "demo.right", ""));
        text.Append(Check("nodes", "nodes")).Append(Check(NameOf(1), "nobody"));
        File.WriteAllText(FilePath, text.ToString());
    }

    /// <summary>Where it is.</summary>
    public string FilePath { get; }

    /// <summary>How the file calls a node.</summary>
    public static string NameOf(int number) => $"node{number}";

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Server(string name, string address, string datacenter, string groups) =>
        $"\n[[server]]\nname = \"{name}\"\nip = \"{address}\"\ndatacenter = \"{datacenter}\"\ngroups = [{groups}]\n";

    private static string Check(string from, string to) => $"\n[[check]]\nfrom = \"{from}\"\nto = \"{to}\"\ncheck = \"udp_ping\"\n";
}
