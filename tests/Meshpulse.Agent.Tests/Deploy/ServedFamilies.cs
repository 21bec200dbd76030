using System.Net;
using System.Runtime.InteropServices;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Agent.Tests.History;
using Meshpulse.Agent.Tests.Hosting;

namespace Meshpulse.Agent.Tests.Deploy;

/// <summary>
/// What the program serves, with its labels and their values: the page of one of two real agents that have a mesh and every kind of check between them.
/// Started once for all tests of a class.
/// </summary>
public sealed class ServedFamilies : IAsyncLifetime
{
    /// <summary>Labels of families that have no series in such a mesh: nothing is wrong in it, and it has no certificate.</summary>
    private static readonly Dictionary<string, string[]> s_seldom = new(StringComparer.Ordinal)
    {
        ["meshpulse_verdict_active"] = ["verdict", "where"],
        ["meshpulse_http_certificate_days"] = ["source", "target", "check", "source_datacenter", "target_datacenter", "url"],
        ["meshpulse_path_mtu_bytes"] = ["source", "target", "check", "source_datacenter", "target_datacenter", "port"],
        ["meshpulse_path_clock_offset_seconds"] = ["source", "target", "check", "source_datacenter", "target_datacenter", "port", "bound"],
        ["meshpulse_path_one_way_bound_seconds"] = ["source", "target", "check", "source_datacenter", "target_datacenter", "port"],
        ["meshpulse_host_missing"] = ["source", "reason"],
        ["meshpulse_host_pressure_seconds_total"] = ["scope", "resource", "tasks"],
    };

    private readonly Dictionary<string, Dictionary<string, HashSet<string>>> _labels = new(StringComparer.Ordinal);

    /// <summary>Type by family.</summary>
    internal IReadOnlyDictionary<string, string> Types { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        var nodes = new[] { LoopbackAddresses.Next(), LoopbackAddresses.Next() };
        var port = Ports.Next();
        var text = $$$"""
            port = {{{Ports.Next()}}}
            [[group]]
            name = "all"
            [[server]]
            name = "a"
            ip = "{{{nodes[0].AddressText}}}"
            datacenter = "fra.dc11"
            groups = ["all"]
            [[server]]
            name = "b"
            ip = "{{{nodes[1].AddressText}}}"
            groups = ["all"]

            """ + string.Join('\n', new[] { "udp_ping", "icmp", "stamp", "tcp", "http" }.Select(kind => $$$"""
            [[check]]
            from = "all"
            to = "all"
            check = "{{{kind}}}"
            """ + (kind == "tcp" ? "\nport = 12222" : "") + (kind == "http" ? $"\nhttp_url = \"http://{{{{server.to.ip}}}}:{port}/metrics\"" : "")));
        using var folder = new StoreFolder();
        await using var first = await StartAsync(0);
        await using var second = await StartAsync(1);
        using var client = new HttpClient();
        ParsedExposition? page = null;
        string[] awaited =
        [
            "meshpulse_connected", "meshpulse_path_lost", "meshpulse_path_round_trip_seconds_bucket", "meshpulse_probe_latency_seconds_bucket",
            "meshpulse_http_status", "meshpulse_delta_signed_seconds", "meshpulse_host_cpu_seconds_total",
        ];
        using var bound = new CancellationTokenSource(Eventually.Hang);
        while (page is null || awaited.Except(page.Samples.Select(s => s.Name)).Any()
            || !page.Samples.Any(s => s.Name == "meshpulse_path_sent_total" && s.Labels["check"] == "mesh"))
        {
            await Task.Delay(page is null ? 0 : 100, bound.Token);
            page = ParsedExposition.Read(await client.GetByteArrayAsync($"http://{first.MetricsEndPoint}/metrics", bound.Token), openMetrics: false);
        }

        Take(page);

        Task<ProbeAgent> StartAsync(int i) => ProbeAgent.StartAsync(
            new AgentOptions
            {
                Mesh = TestAgent.Defaults(nodes[i]),
                MeshListener = new RecordingListener(),
                Servers = [(null, nodes[0])],
                Checks = TestLandscape.Setup(i == 0 ? "a" : "b", new RecordingCheckListener(), text),
                FullMetrics = true,
                History = i == 0 ? new HistoryOptions { File = folder.File, Size = HistoryOptions.MinSize } : null,
                Metrics = new MetricsListenSpec(IPAddress.Parse(nodes[i].AddressText), port),
                Version = "0.0.0-test",
            },
            CancellationToken.None);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The family of a series, or null where the program has none such.</summary>
    internal string? FamilyOf(string series) =>
        Types.TryGetValue(series, out var type) && type != "histogram"
            ? series
            : new[] { "_bucket", "_count", "_sum" }.Where(s => series.EndsWith(s, StringComparison.Ordinal)).Select(s => series[..^s.Length])
                .FirstOrDefault(f => Types.GetValueOrDefault(f) == "histogram");

    /// <summary>The labels of a series' family, <c>le</c> included.</summary>
    internal IReadOnlyCollection<string> LabelsOf(string series) =>
        FamilyOf(series) is { } family && _labels.TryGetValue(family, out var labels) ? labels.Keys : [];

    /// <summary>The values that a label of a series had; empty where it had none in this run.</summary>
    internal IReadOnlyCollection<string> ValuesOf(string series, string label) =>
        FamilyOf(series) is { } family && _labels.TryGetValue(family, out var labels) && labels.TryGetValue(label, out var values) ? values : [];

    private void Take(ParsedExposition page)
    {
        Types = page.Types;
        Assert.Empty(s_seldom.Keys.Except(Types.Keys));
        foreach (var sample in page.Samples)
        {
            foreach (var (label, value) in sample.Labels)
            {
                ValuesFor(FamilyOf(sample.Name)!, label).Add(value);
            }
        }

        foreach (var (family, labels) in s_seldom)
        {
            foreach (var label in labels)
            {
                _ = ValuesFor(family, label);
            }
        }
    }

    private HashSet<string> ValuesFor(string family, string label)
    {
        ref var labels = ref CollectionsMarshal.GetValueRefOrAddDefault(_labels, family, out _);
        ref var values = ref CollectionsMarshal.GetValueRefOrAddDefault(labels ??= new(StringComparer.Ordinal), label, out _);
        return values ??= new(StringComparer.Ordinal);
    }
}
