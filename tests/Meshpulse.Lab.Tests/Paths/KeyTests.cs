using Meshpulse.Lab.Checks;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Paths;

/// <summary>Authenticated checks: with the same keys all is answered, with others nothing, and keys are rolled while it goes on.</summary>
public sealed class KeyTests
{
    private const string First = "00112233445566778899aabbccddeeff";
    private const string Second = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    private const string Slow = "interval = 10";

    // A reflector that is away for a millisecond shows.
    private const string Fast = "interval = 1";

    [Fact]
    public async Task With_the_same_keys_all_is_answered()
    {
        await using var pair = await StartAsync(First, First);
        await pair.AnswersAsync();
        var tally = await pair.SettleAsync();
        Assert.Equal((0d, 0d, 0d), tally.Losses);
        await pair.Asking.StopAsync();
    }

    [Theory]
    [InlineData(First, Second, "mac")]
    // What one mode signs the other reads as something else.
    [InlineData(First, null, "error_estimate")]
    [InlineData(null, First, "too_short")]
    public async Task With_other_keys_nothing_is_answered_and_all_of_it_is_loss(string? asking, string? answering, string decision)
    {
        await using var pair = await StartAsync(asking, answering);
        var tally = await pair.TallyAsync(t => t.Unknown >= 100, "loses not 100");
        Assert.Equal((0d, 0d, 0d, 0d), (tally.Answered, tally.Late, tally.Forward, tally.Backward));
        var row = (await pair.Asking.ReportAsync(w => w.Of("a", "b", "stamp") is { Requests: >= 50 }, "in which something is decided")).Of("a", "b", "stamp")!;
        Assert.Equal((0, row.Requests), (row.Responses, row.Loss));
        await pair.Answering.MetricsAsync(page => page.Value("meshpulse_stamp_packets_total", "decision", decision) > 100, "does not say why");
        Assert.Equal(0, pair.Back.Count(PathPair.Port).Arrived);
        await pair.Asking.StopAsync();
    }

    [Fact]
    public async Task Keys_are_rolled_without_a_loss()
    {
        await using var pair = await StartAsync(First, First, Fast);
        await pair.AnswersAsync();
        foreach (var (round, keys) in new[] { $"{First}\n{Second}", $"{Second}\n{First}", Second }.Index())
        {
            // The one who answers first; and what the one who asks has counted goes with its old keys.
            await RollAsync(pair.Answering, KeyFile(pair, "b"), keys, round + 1);
            await pair.PassesAsync(6_000);
            var before = PathTally.Read(await pair.Asking.ScrapeAsync(), "b");
            Assert.True(before is { Late: 0, Lost: 0, Answered: > 500 }, pair.Explain(before));
            await RollAsync(pair.Asking, KeyFile(pair, "a"), keys, round + 1);
            await pair.TallyAsync(tally => tally is { Answered: >= 500, Sent: < 6_000 }, "did not begin anew");
        }

        await pair.PassesAsync(1_000);
        await pair.Source.RefuseToSendAsync($"udp dport {PathPair.Port}");
        var tally = await pair.TallyAsync(t => t.IsDecided, "does not settle");
        Assert.Equal((0d, 0d, 0d), tally.Losses);
        Assert.Equal(0, pair.There.Count(PathPair.Port).Dropped + pair.Back.Count(PathPair.Port).Dropped);
        await pair.Asking.StopAsync();
    }

    private static async Task RollAsync(Checker checker, string file, string keys, int round)
    {
        WriteKeys(file, keys);
        checker.Process.Send(Signal.HangUp);
        await checker.NoteAsync("is in force (SIGHUP)", round);
    }

    private static async Task<PathPair> StartAsync(string? asking, string? answering, string settings = Slow)
    {
        var pair = await PathPair.CreateAsync();
        try
        {
            var b = pair.OtherFile(pair.Landscape(settings, Top(KeyFile(pair, "b"), answering)));
            pair.File.Write(pair.Landscape(settings, Top(KeyFile(pair, "a"), asking)));
            await pair.StartTargetAsync(b);
            await pair.StartSourceAsync();
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    private static string Top(string file, string? keys)
    {
        if (keys is null)
        {
            return "";
        }

        WriteKeys(file, keys);
        return $"stamp_key_file = \"{file}\"";
    }

    private static string KeyFile(PathPair pair, string name) => pair.File.Beside($"keys.{name}");

    private static void WriteKeys(string path, string keys)
    {
        // Made with mode 0600.
        var next = Path.GetTempFileName();
        File.WriteAllText(next, keys + "\n");
        File.Move(next, path, overwrite: true);
    }
}
