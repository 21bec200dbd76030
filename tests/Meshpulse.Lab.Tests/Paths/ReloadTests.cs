namespace Meshpulse.Lab.Paths;

/// <summary>The file changes while paths are probed.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task A_path_goes_on_while_another_check_changes_and_takes_its_series_along_when_it_goes()
    {
        string Other(int interval) => $"[[check]]\nfrom = \"a\"\nto = \"b\"\ncheck = \"udp_ping\"\ninterval = {interval}";
        await using var pair = await PathPair.CreateAsync();
        pair.File.Write(pair.Landscape("interval = 10", further: Other(20)));
        await pair.StartTargetAsync();
        await pair.StartSourceAsync();
        await pair.AnswersAsync();
        var before = PathTally.Read(await pair.Asking.ScrapeAsync(), "b");

        pair.File.Write(pair.Landscape("interval = 10", further: Other(30)));
        await pair.Asking.NoteAsync("is in force (the file changed)");
        var after = PathTally.Read(await pair.Asking.ScrapeAsync(), "b");
        Assert.True(after.Sent >= before.Sent && after.Answered >= before.Answered, $"{before}\n{after}");
        await pair.AnswersAsync(after.Answered + 200);
        Assert.Equal((0d, 0d, 0d), PathTally.Read(await pair.Asking.ScrapeAsync(), "b").Losses);
        Assert.Equal(8, pair.There.Flows.Keys.Count(flow => flow.Destination == PathPair.Port));

        // Now its own interval: it begins anew.
        var mark = PathTally.Read(await pair.Asking.ScrapeAsync(), "b").Sent;
        pair.File.Write(pair.Landscape("interval = 15", further: Other(30)));
        await pair.Asking.NoteAsync("is in force (the file changed)", 2);
        await pair.TallyAsync(tally => tally is { Answered: > 20 } && tally.Sent < mark, "does not begin anew");

        // And without it nothing of it is left, and nothing is sent.
        pair.File.Write(pair.Landscape("interval = 15", further: Other(30)).Replace("\"stamp\"\ntimeout = \"2s\"\ninterval = 15", "\"icmp\"", StringComparison.Ordinal));
        await pair.Asking.NoteAsync("is in force (the file changed)", 3);
        var page = await pair.Asking.MetricsAsync(p => p.Find("meshpulse_paths") == 0, "still has the path");
        Assert.DoesNotContain("check=\"stamp\"", page.Text, StringComparison.Ordinal);
        var arrived = pair.There.Count(PathPair.Port).Arrived;
        await pair.Asking.ReportAsync(w => w.Of("a", "b", "icmp") is { Requests: > 1 } && w.Of("a", "b", "stamp") is null, "without it", pair.Asking.Transcript.Windows.Count);
        Assert.InRange(pair.There.Count(PathPair.Port).Arrived, arrived, arrived + 1);
        await pair.Asking.StopAsync();
    }
}
