using System.Collections.Concurrent;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Paths;

/// <summary>Code points: what leaves with them, what arrives with them, and a network that treats one of them worse.</summary>
public sealed class CodePointTests
{
    private const int Af21 = 18;
    private const int Af41 = 34;
    private const int Ef = 46;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_flow_has_its_code_point_on_the_wire_and_the_other_end_tells_which_it_saw(bool v6)
    {
        await using var pair = await PathPair.CreateAsync("interval = 5\nflows = 2\ndscp = \"AF21\"\ndscp_sweep = [\"AF41\", \"EF\"]", v6);
        var seen = new ConcurrentDictionary<(int Port, int Dscp), byte>();
        pair.There.Set(new Fault { Of = frame => frame.DestinationPort == PathPair.Port && !seen.TryAdd((frame.SourcePort, frame.Dscp), 0) && false });
        await pair.StartTargetAsync();
        await pair.StartSourceAsync("--json");
        var reading = await pair.ReadingAsync(r => r.Flows.Count == 4 && r.Flows.All(flow => flow.Answered > 10) && r["dscp_seen"] is not null, "of four flows");
        Assert.Equal([Af21, Af21, Af41, Ef], reading.Flows.Select(flow => flow.Dscp));
        Assert.Equal(seen.Keys.Order(), reading.Flows.Select(flow => (flow.SourcePort, flow.Dscp)).Order());
        Assert.Equal(Af21, reading["dscp_seen"]);

        // Somebody on the way writes another one, as the borders of networks do.
        pair.There.Set(Fault.OfPort(PathPair.Port) with { Dscp = 0 });
        await pair.ReadingAsync(r => r["dscp_seen"] == 0, "with what arrives now", pair.Readings.Count);
        var page = await pair.Asking.MetricsAsync(p => p.Find("meshpulse_path_dscp_seen", ("target", "b")) == 0, "does not say it");
        Assert.Equal(Af21, page.Find("meshpulse_path_dscp_sent", ("target", "b")));
        var tally = await pair.SettleAsync();
        Assert.Equal((0d, 0d, 0d), tally.Losses);
        await pair.Asking.StopAsync();
    }

    [Fact]
    public async Task A_network_that_drops_one_code_point_loses_that_flow_alone()
    {
        await using var pair = await PathPair.StartAsync("interval = 5\nflows = 2\ndscp_sweep = [\"AF41\", \"EF\"]");
        pair.There.Set(Fault.OfPort(PathPair.Port) with { Drop = Pick.Where(frame => frame.Dscp == Ef) });
        await pair.Asking.ReportAsync(w => w.Of("a", "b", "stamp")?.Directions is { Dead: 1, Flows: 4 }, "with a dead flow");
        var note = await pair.Asking.NoteAsync("1 of 4 flows lose everything");
        var tally = await pair.SettleAsync();
        var dropped = pair.There.Count(PathPair.Port).Dropped;
        Assert.True(tally.Lost == dropped, pair.Explain(tally));
        var page = await pair.Asking.MetricsAsync(p => p.Find("meshpulse_path_flow_lost", ("target", "b")) == dropped, "tells not all of the flow's losses");
        Assert.Equal([$"{Ef}"], page.Labels("meshpulse_path_flow_lost", "dscp"));
        Assert.EndsWith($"source port {page.Labels("meshpulse_path_flow_lost", "source_port")[0]}", note, StringComparison.Ordinal);
        await pair.Asking.StopAsync();
    }
}
