using System.Globalization;
using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Reports;

namespace Meshpulse.Lab.Meshes;

/// <summary>Nodes that are to find one another, all started with the same options.</summary>
internal sealed class Mesh : IAsyncDisposable
{
    private readonly string[] _options;
    private readonly bool _sharedAddress;

    /// <param name="places">Where its nodes are to live; none is started yet.</param>
    /// <param name="options">The options that each is started with.</param>
    public Mesh(IReadOnlyList<Place> places, params string[] options)
    {
        Members = [.. places.Select(place => new MeshMember(place))];
        _options = options;
        _sharedAddress = places.DistinctBy(place => place.Identity.Address).Count() < places.Count;
    }

    /// <summary>Its nodes.</summary>
    public IReadOnlyList<MeshMember> Members { get; }

    /// <summary>What all of them printed, for messages.</summary>
    public string Printed => string.Join('\n', Members.Where(m => m.IsStarted).Select(m => $"== {Label(m)}\n{m.Process.Output.Text}{m.Process.Error.Text}"));

    /// <summary>One of them.</summary>
    public MeshMember this[int index] => Members[index];

    /// <summary>How the others call a node: by address, with the port where they share one.</summary>
    public string Label(MeshMember member) => _sharedAddress ? member.Place.Identity.ToString() : member.Address;

    /// <summary>All but one.</summary>
    public IEnumerable<MeshMember> Others(MeshMember member) => Members.Where(other => other != member);

    /// <summary>Starts all; each is given the servers that <paramref name="servers"/> names for its index.</summary>
    public async Task StartAsync(Func<int, IEnumerable<int>> servers)
    {
        for (var index = 0; index < Members.Count; index++)
        {
            await StartAsync(index, servers(index));
        }
    }

    /// <summary>Starts all; each is given the first as its server, and the first none.</summary>
    public Task StartAsync() => StartAsync(index => index == 0 ? [] : [0]);

    /// <summary>Starts one, or starts it again.</summary>
    public Task StartAsync(int index, IEnumerable<int> servers, params IEnumerable<string> further) =>
        Members[index].StartAsync(servers.Select(server => Members[server].Place.Identity.ToString()), [.. further, .. _options]);

    /// <summary>Starts all and waits until all know all.</summary>
    public async Task FormAsync()
    {
        await StartAsync();
        await CompleteAsync();
    }

    /// <summary>Waits until each of these nodes is connected to all the others of them and to nobody else; null for all nodes.</summary>
    public async Task CompleteAsync(IReadOnlyCollection<MeshMember>? nodes = null)
    {
        nodes ??= [.. Members];
        foreach (var member in nodes)
        {
            var others = Labels(nodes.Where(other => other != member));
            await member.MetricsAsync(
                page => page.Value("meshpulse_peers") == others.Count
                    && others.All(other => page.Value("meshpulse_connected", "target", other) == 1),
                $"not connected to {string.Join(", ", others)}");
        }
    }

    /// <summary>
    /// Fails where a node is not connected to all others two report intervals after all were there. That moment is judged by
    /// the node's own reports: the third one after it is the first that is certainly late enough.
    /// </summary>
    public async Task AssertSettlesWithinTwoIntervalsAsync()
    {
        foreach (var member in Members)
        {
            await member.MetricsAsync(_ => true, "answers no scrape");
        }

        var before = Members.Select(member => member.ReportCount).ToList();
        for (var index = 0; index < Members.Count; index++)
        {
            var member = Members[index];
            await Until.HoldsAsync(() => member.ReportCount >= before[index] + 3, () => $"{member.Address} makes no reports:\n{member.Process.Output.Text}");
            var report = member.Transcript.Reports[before[index] + 2];
            var shown = report.Rows.Select(row => row.Address).Order(StringComparer.Ordinal).ToList();
            Assert.True(Labels(Others(member)).SequenceEqual(shown), $"{member.Address} sees only {string.Join(", ", shown)}:\n{member.Process.Output.Text}");
        }
    }

    /// <summary>Fails where a node's metrics do not say what the mesh is: each other node once, never lost, and measured.</summary>
    public async Task AssertMetricsAgreeAsync()
    {
        foreach (var member in Members)
        {
            var page = await member.ScrapeAsync();
            var others = Labels(Others(member));
            Assert.Equal(others.Count, page.Value("meshpulse_peers"));
            Assert.Equal(0, page.Value("meshpulse_disconnects_total"));
            Assert.Equal(others, page.Labels("meshpulse_connected", "target"));
            foreach (var family in new[] { "receive", "delta", "send" })
            {
                Assert.Equal(others, page.Labels($"meshmonitor_{family}_seconds_count", "remote_host_name"));
                Assert.All(others, other => Assert.True(page.Value($"meshmonitor_{family}_seconds_count", "remote_host_name", other) > 0, $"{member.Address}: no {family} of {other}"));
            }
        }
    }

    /// <summary>Waits until each node has exactly one connection to each other one.</summary>
    public async Task AssertOneConnectionPerPairAsync()
    {
        foreach (var member in Members)
        {
            var found = -1;
            await Until.HoldsAsync(
                () => (found = ProcessSockets.Connections(member.Process.Pid, Place.Port)) == Members.Count - 1,
                () => string.Create(CultureInfo.InvariantCulture, $"{member.Address} has {found} connections:\n{member.Process.Output.Text}"));
        }
    }

    /// <summary>Fails where a node printed anything but event lines and whole tables.</summary>
    public void AssertOutputIsClean()
    {
        foreach (var member in Members.Where(m => m.IsStarted))
        {
            _ = Transcript.Read(member.Process.Output.Lines);
            Assert.Equal("", member.Process.Error.Text);
        }
    }

    /// <summary>Asks all to end; fails where one does not end with 0, its last line whole.</summary>
    public async Task StopAsync()
    {
        foreach (var member in Members)
        {
            member.Process.Send(Signal.Interrupt);
        }

        foreach (var member in Members)
        {
            Assert.Equal(0, await member.Process.ExitAsync());
            Assert.EndsWith("\n", member.Process.Output.Text, StringComparison.Ordinal);
        }

        AssertOutputIsClean();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
        {
            await member.DisposeAsync();
        }
    }

    private List<string> Labels(IEnumerable<MeshMember> members) => [.. members.Select(Label).Order(StringComparer.Ordinal)];
}
