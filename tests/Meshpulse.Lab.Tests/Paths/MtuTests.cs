using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Paths;

/// <summary>A path that swallows large packets without a word: the largest that passes is found, and none of the search is loss.</summary>
public sealed class MtuTests
{
    // The search asks for this size next to the largest that links have, so that it takes few of its slow steps.
    [Theory]
    [InlineData(1400, 1402, true, false)]
    [InlineData(1400, 1402, false, false)]
    [InlineData(1280, 1281, true, true)]
    public async Task The_largest_packet_that_passes_is_found(int passes, int largest, bool there, bool v6)
    {
        await using var pair = await PathPair.CreateAsync($"interval = 10\ntimeout = 500\nmtu_probe = {largest}", v6);
        (there ? pair.There : pair.Back).Set(Fault.OfPort(PathPair.Port) with { Drop = Pick.LongerThan(passes) });
        await pair.StartTargetAsync();
        await pair.StartSourceAsync("--json");
        var note = await pair.Asking.NoteAsync("bytes pass");
        Assert.Equal($"stamp a -> b: packets of up to {passes} bytes pass, larger ones do not", note);
        var reading = await pair.ReadingAsync(r => r["mtu_bytes"] == passes, "with the largest packet", pair.Readings.Count);
        Assert.Equal(8, reading.Flows.Count);
        var page = await pair.Asking.MetricsAsync(p => p.Find("meshpulse_path_mtu_bytes", ("target", "b")) == passes, "does not say it");
        Assert.Equal((0d, 0d, 0d), PathTally.Read(page, "b").Losses);
        Assert.True((there ? pair.There : pair.Back).Count(PathPair.Port).Dropped >= 3, "nothing was dropped");

        // The search's packets are of a port of their own and of no flow.
        var ports = reading.Flows.Select(flow => flow.SourcePort).ToHashSet();
        await pair.Source.RefuseToSendAsync($"udp dport {PathPair.Port}");
        var tally = await pair.TallyAsync(t => t.IsDecided, "does not settle");
        Assert.Equal((0d, 0d, 0d), tally.Losses);
        Assert.Equal(tally.Sent, pair.There.Flows.Where(flow => ports.Contains(flow.Key.Source)).Sum(flow => flow.Value.Arrived));
        await pair.Asking.StopAsync();
    }
}
