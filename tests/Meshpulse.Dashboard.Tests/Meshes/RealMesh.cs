using System.Text;
using Meshpulse.Dashboard.Tests.Browsing;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Dashboard.Tests.Meshes;

/// <summary>Agents on loopback addresses of their own, in two datacenters of one file, as <c>meshpulse demo</c> starts them.</summary>
internal sealed class RealMesh : IAsyncDisposable
{
    private const int MetricsPort = 12223;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meshpulse-test-");
    private readonly List<NodeProcess> _nodes = [];
    private readonly string _network = $"127.{Random.Shared.Next(16, 250)}.{Random.Shared.Next(1, 250)}";

    private string _scheme = "http";

    /// <summary>The address to open.</summary>
    public string Address => $"{_scheme}://{NameOf(0)}:{MetricsPort}/";

    /// <summary>For the nodes' files; gone with them.</summary>
    public string Folder => _folder.FullName;

    /// <summary>How a node is called.</summary>
    public string NameOf(int index) => $"{_network}.{index + 1}";

    public NodeProcess this[int index] => _nodes[index];

    /// <summary>Starts them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="prepare">Makes the files that they need before any of them runs, and gives their further options.</param>
    /// <param name="isTls">Whether those options have them serve TLS.</param>
    public static async Task<RealMesh> StartAsync(int count, Func<RealMesh, IEnumerable<string>>? prepare = null, bool isTls = false)
    {
        Checkout.RequireDashboard();
        var mesh = new RealMesh { _scheme = isTls ? "https" : "http" };
        string[] further = [.. prepare?.Invoke(mesh) ?? []];
        var file = Path.Combine(mesh._folder.FullName, "mesh.toml");
        var text = new StringBuilder($"report_interval = \"5s\"\nwindow = \"5s\"\nmaintenance_file = \"{mesh._folder.FullName}/maintenance\"\n\n[[group]]\nname = \"nodes\"\n");
        for (var i = 0; i < count; i++)
        {
            text.Append($"\n[[server]]\nname = \"node{i + 1}\"\nip = \"{mesh.NameOf(i)}\"\ndatacenter = \"{(i < count / 2 ? "fra.left" : "fra.right")}\"\ngroups = [\"nodes\"]\n");
        }

        await File.WriteAllTextAsync(file, text.Append("\n[[check]]\nfrom = \"nodes\"\nto = \"nodes\"\ncheck = \"udp_ping\"\n").ToString());
        for (var i = 0; i < count; i++)
        {
            mesh._nodes.Add(await NodeProcess.StartAsync(["check", file, "--name", $"node{i + 1}", "--mesh", mesh.NameOf(0), "-b", mesh.NameOf(i), "-m", $"{mesh.NameOf(i)}:{MetricsPort}", "-i", "5", .. further]));
        }

        // Whether the certificate is the right one is the browser's to say, and the peers'.
        using var handler = new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is { Subject: MeshGuard.Subject } } };
        using var client = new HttpClient(handler);
        await Until.HoldsAsync(() => AnswersAsync(client, mesh.Address), () => $"the first does not serve:\n{mesh[0].Output.Text}{mesh[0].Error.Text}");
        return mesh;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            node.TrySend(Signal.Continue);
            await node.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string address)
    {
        try
        {
            using var answer = await client.GetAsync(address);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
