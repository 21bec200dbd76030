using System.Text.Json;
using Meshpulse.Lab.Networks;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Traces;

/// <summary>The trace command through real routers, as a user without any privilege.</summary>
public sealed class PathTests
{
    [Theory]
    [InlineData("udp", false)]
    [InlineData("udp", true)]
    [InlineData("icmp", false)]
    [InlineData("icmp", true)]
    [InlineData("tcp", false)]
    [InlineData("tcp", true)]
    public async Task Every_hop_is_found_with_its_address_and_loses_nothing(string protocol, bool isV6)
    {
        using var lab = await PathLab.CreateAsync();
        var hops = Hops(await TraceAsync(lab, isV6, "--protocol", protocol, "-c", "3", "-i", "200", "--flows", "4"));

        Assert.Equal([1, 2, 3, 4], hops.Select(h => h.GetProperty("hop").GetInt32()));
        Assert.Equal([PathLab.Address(isV6, 1, 2)], Addresses(hops[0]));
        Assert.All(Addresses(hops[1]), a => Assert.Contains(a, new[] { PathLab.Address(isV6, 2, 2), PathLab.Address(isV6, 3, 2) }));
        Assert.All(Addresses(hops[2]), a => Assert.Contains(a, new[] { PathLab.Address(isV6, 4, 2), PathLab.Address(isV6, 5, 2) }));
        Assert.Equal([PathLab.Address(isV6, 6, 2)], Addresses(hops[3]));
        Assert.Equal([false, false, false, true], hops.Select(h => h.GetProperty("destination").GetBoolean()));
        Assert.All(hops, hop =>
        {
            Assert.Equal(12, hop.GetProperty("answered").GetInt32() + hop.GetProperty("late").GetInt32());
            Assert.False(hop.GetProperty("likely_rate_limited").GetBoolean());
            var delay = hop.GetProperty("delay_ms");
            Assert.InRange(delay.GetProperty("best").GetDouble(), 0, delay.GetProperty("worst").GetDouble());
        });
        // Routers begin at 64; the reply's way is one hop longer with each.
        if (protocol != "tcp")
        {
            Assert.Equal([64, 63, 62, 61], hops.Select(h => h.GetProperty("addresses")[0].GetProperty("reply_ttl").GetInt32()));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_flow_keeps_to_one_of_two_ways_and_both_are_seen(bool isV6)
    {
        // (TCP would need a real network card: between namespaces a router is handed the sender's own hash of each socket, and takes that.)
        using var lab = await PathLab.CreateAsync();
        using var json = await TraceAsync(lab, isV6, "-c", "3", "-i", "400", "--flows", "16");
        var hops = Hops(json);
        Assert.Equal(2, Addresses(hops[1]).Count);
        // What adds up to one way: each flow has one address at each hop, and left goes on behind left.
        Assert.All(hops, h => Assert.Equal(16, h.GetProperty("addresses").EnumerateArray().Sum(a => a.GetProperty("flows").GetArrayLength())));
        foreach (var (middle, last) in new[] { (2, 4), (3, 5) })
        {
            Assert.Equal(FlowsOf(hops[1], PathLab.Address(isV6, middle, 2)), FlowsOf(hops[2], PathLab.Address(isV6, last, 2)));
        }

        Assert.Equal(16, json.RootElement.GetProperty("flows").EnumerateArray().Select(f => f.GetProperty("source_port").GetInt32()).Distinct().Count());
    }

    [Theory]
    [InlineData("udp", false)]
    [InlineData("icmp", true)]
    [InlineData("tcp", false)]
    public async Task A_router_that_gives_no_answers_is_not_a_fault(string protocol, bool isV6)
    {
        using var lab = await PathLab.CreateAsync();
        await PathLab.RulesAsync(lab.Last, "chain output { type filter hook output priority 0; icmp type time-exceeded drop; icmpv6 type time-exceeded drop; }");
        var words = new[] { "--protocol", protocol, "-c", "2", "-i", "200", "--flows", "2", "--timeout", "900" };
        var hops = Hops(await TraceAsync(lab, isV6, words));
        Assert.Equal([0, 0, 100, 0], hops.Select(h => h.GetProperty("loss_percent").GetDouble()));
        Assert.Equal([false, false, true, false], hops.Select(h => h.GetProperty("likely_rate_limited").GetBoolean()));
        Assert.Empty(Addresses(hops[2]));

        await using var text = await StartAsync(lab, isV6, words);
        Assert.Equal(0, await text.ExitAsync());
        Assert.Contains("\n  3  *", text.Output.Text, StringComparison.Ordinal);
        Assert.Contains("gives no answers\n", text.Output.Text, StringComparison.Ordinal);
        Assert.Contains("is no loss of traffic.\n", text.Output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_is_told_in_words_and_ends_the_path(bool isV6)
    {
        using var lab = await PathLab.CreateAsync();
        await PathLab.RulesAsync(lab.Last, "chain forward { type filter hook forward priority 0; udp dport 33434 reject with icmpx type admin-prohibited; }");
        using var json = await TraceAsync(lab, isV6, "-c", "1", "-i", "200", "--flows", "2");
        var hops = Hops(json);
        Assert.False(json.RootElement.GetProperty("reached").GetBoolean());
        Assert.Equal("prohibited (!X)", hops[^1].GetProperty("addresses")[0].GetProperty("refusal").GetString());
        Assert.Equal(4, hops.Count);
    }

    [Fact]
    public async Task Where_nothing_answers_the_result_comes_all_the_same()
    {
        using var lab = await PathLab.CreateAsync();
        await PathLab.RulesAsync(lab.First, "chain input { type filter hook prerouting priority 0; drop; }");
        await using var node = await StartAsync(lab, false, "-c", "1", "-i", "50", "--flows", "1", "--timeout", "50", "--max-hops", "3");
        Assert.Equal(1, await node.ExitAsync());
        Assert.Contains("no answer from anybody\n", node.Output.Text, StringComparison.Ordinal);
        Assert.Empty(node.Error.Text);
    }

    [Fact]
    public async Task Without_permission_for_icmp_it_says_what_is_missing()
    {
        using var lab = await PathLab.CreateAsync();
        await lab.Host.MustAsync(["sh", "-c", "echo '1 0' > /proc/sys/net/ipv4/ping_group_range"]);
        await using var node = await StartAsync(lab, false, "--protocol", "icmp", "-c", "1");
        Assert.Equal(1, await node.ExitAsync());
        Assert.Equal(
            "meshpulse: trace: no ICMP echo: datagram socket: net.ipv4.ping_group_range has none of our groups; raw socket: CAP_NET_RAW is missing\n",
            node.Error.Text);

        // With it, by the raw socket.
        await using var root = await NodeProcess.StartAsync(["trace", "10.81.6.2", "-n", "--json", "--protocol", "icmp", "-c", "1", "-i", "100"], lab.Host);
        Assert.Equal(0, await root.ExitAsync());
        using var json = JsonDocument.Parse(root.Output.Text);
        Assert.Equal(["10.81.6.2"], Addresses(Hops(json)[3]));
    }

    private static async Task<JsonDocument> TraceAsync(PathLab lab, bool isV6, params string[] words)
    {
        await using var node = await StartAsync(lab, isV6, [.. words, "--json"]);
        var exit = await node.ExitAsync();
        Assert.True(exit == 0, $"exit {exit}: {node.Output.Text}{node.Error.Text}");
        return JsonDocument.Parse(node.Output.Text);
    }

    /// <summary>As nobody, where nobody may read the program; that is the point of the command.</summary>
    private static async Task<NodeProcess> StartAsync(PathLab lab, bool isV6, params string[] words)
    {
        string[] nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
        var (exit, _) = await Tool.RunAsync([.. nobody, "test", "-x", NodeProcess.ProgramFile]);
        Assert.SkipUnless(exit == 0, $"{NodeProcess.ProgramFile} is not for everybody to run");
        return await NodeProcess.StartAsync(["trace", PathLab.Address(isV6, 6, 2), "-n", .. words], lab.Host, [.. nobody, NodeProcess.ProgramFile]);
    }

    private static List<JsonElement> Hops(JsonDocument json) => [.. json.RootElement.GetProperty("hops").EnumerateArray()];

    private static List<string> Addresses(JsonElement hop) =>
        [.. hop.GetProperty("addresses").EnumerateArray().Select(a => a.GetProperty("address").GetString()!)];

    private static IEnumerable<int> FlowsOf(JsonElement hop, string address) => hop.GetProperty("addresses").EnumerateArray()
        .Where(a => a.GetProperty("address").GetString() == address)
        .SelectMany(a => a.GetProperty("flows").EnumerateArray().Select(f => f.GetInt32()))
        .Order();
}
