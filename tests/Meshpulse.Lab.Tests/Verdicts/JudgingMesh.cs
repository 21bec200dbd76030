using System.Globalization;
using System.Text;
using Meshpulse.Lab.Checks;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Metrics;
using Meshpulse.Lab.Networks;
using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Verdicts;

/// <summary>
/// Nodes that judge: real agents, each in a namespace of its own on a switch that can do to their packets whatever a test likes, who tell one another what
/// they saw, and whose verdicts are read.
/// <para>
/// To use it: form one, do something, wait until those who can know say what it was, undo it, let it heal, and look that nothing else was said:
/// <code>
/// await using var mesh = await JudgingMesh.FormAsync(4);
/// mesh.Said.Forget();
/// mesh.Wire(0, 1).Set(new Fault { Drop = Pick.All });
/// await mesh.Said.UntilAsync(mesh.Everybody, new Claim("path.blackhole", $"{mesh.Name(0)} -> {mesh.Name(1)}"));
/// mesh.Wire(0, 1).Set();
/// await mesh.HealAsync();
/// mesh.Said.AssertNothingBut(...);
/// </code>
/// All run <c>check FILE --mesh</c>, whose file has no check: only a file can put a node into a datacenter, and only with a maintenance file of its own a
/// node is not at the mercy of the machine's. Each serves its metrics at its own address, where the others ask it for its slices.
/// </para>
/// </summary>
internal sealed class JudgingMesh : IAsyncDisposable
{
    private const int Metrics = 12223;

    // A node is young for twelve slices of a quarter second, and learns what delay is usual from eight windows; twice that, for the slices it loses. What the others
    // saw before is told with their first answer, and counts for nothing.
    private const int SlicesToLearn = 24;

    private readonly IReadOnlyList<LandscapeFile> _files;
    private readonly Mesh _mesh;
    private readonly string[] _options;
    private readonly Dictionary<int, double> _slicesAtFirst = [];

    private JudgingMesh(SwitchLab lab, IReadOnlyList<string?> datacenters, string[] options)
    {
        (Lab, _options) = (lab, options);
        _mesh = new Mesh([.. Place.On(lab.Hosts).Select((p, i) => p with { Metrics = new(lab.Hosts[i].V4, Metrics) })]);
        _files = [.. lab.Hosts.Select((_, i) => new LandscapeFile(""))];
        for (var i = 0; i < _files.Count; i++)
        {
            _files[i].Write(FileOf(i, datacenters));
        }
    }

    /// <summary>The switch and the hosts.</summary>
    public SwitchLab Lab { get; }

    /// <summary>What the nodes say.</summary>
    public Said Said { get; } = new();

    /// <summary>The nodes.</summary>
    public IReadOnlyList<MeshMember> Members => _mesh.Members;

    /// <summary>The addresses of all nodes.</summary>
    public IReadOnlyList<string> Everybody => [.. Members.Select(m => m.Address)];

    /// <summary>One of the nodes.</summary>
    public MeshMember this[int index] => Members[index];

    /// <summary>
    /// Starts so many nodes, and waits until all know all, tell one another what they see, and have learned what is usual.
    /// </summary>
    /// <param name="nodes">How many.</param>
    /// <param name="datacenters">The datacenter of each; null for none at all.</param>
    /// <param name="options">Further options of every node.</param>
    public static async Task<JudgingMesh> FormAsync(int nodes, IReadOnlyList<string>? datacenters = null, params string[] options)
    {
        var mesh = new JudgingMesh(await SwitchLab.CreateAsync(nodes), [.. datacenters ?? Enumerable.Repeat<string?>(null, nodes)], options);
        try
        {
            for (var i = 0; i < nodes; i++)
            {
                await mesh.StartAsync(i);
            }

            await mesh.HealAsync();
            mesh.Said.Forget();
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    /// <summary>How a node is called in verdicts.</summary>
    public string Name(int index) => Members[index].Address;

    /// <summary>The addresses of all nodes but some.</summary>
    public IReadOnlyList<string> AllBut(params int[] indices) => [.. Members.Where((_, i) => !indices.Contains(i)).Select(m => m.Address)];

    /// <summary>The direction from one node to another.</summary>
    public SwitchWire Wire(int from, int to) => Lab.Wire(Lab.Hosts[from], Lab.Hosts[to]);

    /// <summary>Does the same to all that a node sends and receives; with no fault, heals it.</summary>
    public void SetPort(int node, params Fault[] faults)
    {
        for (var other = 0; other < Members.Count; other++)
        {
            if (other != node)
            {
                Wire(node, other).Set(faults);
                Wire(other, node).Set(faults);
            }
        }
    }

    /// <summary>Does the same to all that goes between two parts, both ways; with no fault, heals it.</summary>
    public void SetBetween(IReadOnlyCollection<int> some, IReadOnlyCollection<int> others, params Fault[] faults)
    {
        foreach (var (one, other) in some.SelectMany(one => others.Select(other => (one, other))))
        {
            Wire(one, other).Set(faults);
            Wire(other, one).Set(faults);
        }
    }

    /// <summary>Lets so many seconds pass, as the nodes count them: four slices in each, of each of the others that one node hears.</summary>
    public async Task PassAsync(int seconds, int observer = 0, int heard = 1)
    {
        var before = (await Members[observer].ScrapeAsync()).Value("meshpulse_slices_received_total");
        await Members[observer].MetricsAsync(page => page.Value("meshpulse_slices_received_total") >= before + (4 * heard * seconds), "hears no more");
    }

    /// <summary>Writes a node's vitals into the test's output: why a cause was not named they tell.</summary>
    public async Task WriteVitalsAsync(int index)
    {
        var lines = (await Members[index].TryScrapeAsync())?.Text.Split('\n').Where(l => l.StartsWith("meshpulse_host_", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', lines ?? [$"{Name(index)} does not answer"]));
    }

    /// <summary>The path of a node's log.</summary>
    public string LogOf(int index) => _files[index].Beside("agent.log");

    /// <summary>The path of the file that puts a node into maintenance while it exists.</summary>
    public string MaintenanceOf(int index) => _files[index].Beside("maintenance");

    /// <summary>The command that starts each node's program, by its index; none for those that are started as they are.</summary>
    public Dictionary<int, IReadOnlyList<string>> Before { get; } = [];

    /// <summary>Starts a node, or starts it again after it ended.</summary>
    public async Task StartAsync(int index)
    {
        var file = _files[index].FilePath;
        // The command comes first, then whom to call.
        string[] words = ["check", file, .. Members.Where((_, i) => i != index).Take(2).Select(m => m.Place.Identity.ToString())];
        await Members[index].StartAsync(words, ["--mesh", "--name", $"node{index + 1}", "--quiet", "--log-file", LogOf(index), .. _options], Before.GetValueOrDefault(index));
        Said.Listen(Members[index].Address, Members[index].Process.Output);
        _slicesAtFirst.Remove(index);
    }

    /// <summary>
    /// Waits until all is well: everybody is connected to everybody, hears what everybody saw, has learned what is usual, and no verdict is in force but those
    /// that any host of a busy machine may get.
    /// </summary>
    public async Task HealAsync()
    {
        foreach (var (index, member) in Members.Index())
        {
            MetricsPage? page = null;
            await Until.HoldsAsync(
                async () =>
                {
                    Assert.False(member.Process.HasExited, $"{member.Address} ended by itself:\n{member.Process.Output.Text}{member.Process.Error.Text}");
                    page = await member.TryScrapeAsync() ?? page;
                    return page is not null && IsWell(index, page);
                },
                () => $"{member.Address} is not well: {page?.Value("meshpulse_peers")} peers, {page?.Value("meshpulse_peers_answering")} answering, "
                    + $"{string.Join(", ", page?.All("meshpulse_verdict_active").Select(v => $"{v.Labels["verdict"]} {v.Labels["where"]}") ?? [])} in force; said:\n{Said}");
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _mesh.DisposeAsync();
        Lab.Dispose();
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }

    private bool IsWell(int index, MetricsPage page)
    {
        var others = Members.Count - 1;
        if (page.Value("meshpulse_peers") != others || page.Value("meshpulse_peers_answering") != others)
        {
            return false;
        }

        var slices = page.Value("meshpulse_slices_received_total");
        _slicesAtFirst.TryAdd(index, slices);
        return page.All("meshpulse_connected").Count(c => c.Value == 1) == others
            && slices >= _slicesAtFirst[index] + (others * SlicesToLearn)
            && page.All("meshpulse_verdict_active").All(v => Said.IsNoise(v.Labels["verdict"]));
    }

    private string FileOf(int index, IReadOnlyList<string?> datacenters)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"maintenance_file = \"{MaintenanceOf(index)}\"\n");
        for (var i = 0; i < datacenters.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n[[server]]\nname = \"node{i + 1}\"\nip = \"{Name(i)}\"\n");
            text.Append(datacenters[i] is { } datacenter ? $"datacenter = \"{datacenter}\"\n" : "");
        }

        return text.ToString();
    }
}
