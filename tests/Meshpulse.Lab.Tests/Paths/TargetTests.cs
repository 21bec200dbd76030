using Meshpulse.Core.Time;
using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Sounding;

namespace Meshpulse.Lab.Paths;

/// <summary>Targets that are no agents: the reflector alone at STAMP's own port, one that dies and returns, one whose clock steps.</summary>
public sealed class TargetTests
{
    private const string AtItsPort = "interval = 5\nport = 862";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reflector_alone_is_a_target_like_any(bool v6)
    {
        await using var pair = await PathPair.CreateAsync(AtItsPort, v6);
        await pair.StartReflectorAsync(ProbePath.Port);
        await pair.StartSourceAsync();
        await pair.AnswersAsync(400);
        var row = (await pair.Asking.ReportAsync(w => w.Of("a", "b", "stamp") is { Requests: >= 200, Loss: 0 }, "with answers")).Of("a", "b", "stamp")!;
        Assert.Equal("port: 862", row.Tail);
        var tally = await pair.SettleAsync(ProbePath.Port);
        Assert.Equal((0d, 0d, 0d), tally.Losses);
        await pair.Asking.StopAsync();
    }

    [Fact]
    public async Task A_reflector_that_dies_and_returns_is_loss_while_it_is_dead()
    {
        await using var pair = await PathPair.CreateAsync("interval = 10\ntimeout = 500\nport = 862");
        var first = await pair.StartReflectorAsync(ProbePath.Port);
        await pair.StartSourceAsync();
        await pair.AnswersAsync(200);
        first.Send(Signal.Kill);
        await first.ExitAsync();
        var dead = await pair.TallyAsync(tally => tally.Lost >= 100, "loses nothing");
        Assert.Equal(0, dead.Restarts);
        await pair.StartReflectorAsync(ProbePath.Port);
        await pair.TallyAsync(tally => tally.Answered >= dead.Answered + 200 && tally.Restarts == 8, "does not see that it returned");

        // Before and behind it each flow's numbers are whole, so what is lost is what nobody answered. Where, its death took along.
        await pair.Source.RefuseToSendAsync($"udp dport {ProbePath.Port}");
        var tally = await pair.TallyAsync(
            t => t.IsDecided && t.Sent == pair.There.Count(ProbePath.Port).Arrived && t.Answered + t.Late == pair.Back.Count(ProbePath.Port).Forwarded, "does not settle");
        Assert.True(tally.Lost >= 100, pair.Explain(tally));
        Assert.Equal(0, tally.Steps);
        await pair.Asking.StopAsync();
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(-5)]
    public async Task A_clock_that_steps_is_named_and_makes_no_delay(int seconds)
    {
        var (before, step) = (Duration.FromMilliseconds(40), Duration.FromSeconds(seconds));
        await using var pair = await PathPair.CreateAsync(AtItsPort);
        long steppedAt = long.MaxValue;
        using var reflector = await ClockedReflector.StartAsync(
            pair.Target, followsUp: true, clock => clock.Now.Nanoseconds >= Interlocked.Read(ref steppedAt) ? before + step : before);
        await pair.StartSourceAsync("--json");
        await pair.ReadingAsync(r => r["offset_us", "low"] <= 40_000 && 40_000 <= r["offset_us", "high"], "with the first offset");
        Interlocked.Exchange(ref steppedAt, 0);
        var (at, reports) = (DateTimeOffset.UtcNow, pair.Readings.Count);
        var note = await pair.Asking.NoteAsync("stepped by");
        Assert.Equal($"stamp a -> b: the clock of b stepped by {seconds:+0;-0}.000 s; no delay is made of that", note);

        // Within two seconds, by the program's own reports: one each second, and the third after the step comes behind the note.
        var lines = pair.Asking.Process.Output.Lines;
        var told = lines.Index().First(line => line.Item.Contains("stepped by", StringComparison.Ordinal)).Index;
        Assert.InRange(PathReading.Read(lines.Take(told), "b").Count(r => r.At > at), 0, 2);

        var target = (before + step).Microseconds;
        await pair.ReadingAsync(r => r["offset_us", "low"] <= target && target <= r["offset_us", "high"], "with the offset of now", reports);
        var tally = await pair.SettleAsync(ProbePath.Port);
        Assert.Equal((0d, 0d, 0d), tally.Losses);
        Assert.Equal(1, tally.Steps);
        foreach (var reading in pair.Readings)
        {
            Assert.All(new[] { "rtt_us", "forward_us", "backward_us" }, name => Assert.InRange(reading[name, "max"] ?? 0, 0, 2_000_000));
        }

        var page = await pair.Asking.ScrapeAsync();
        foreach (var name in new[] { "round_trip", "one_way_delay" })
        {
            var most = page.All($"meshpulse_path_{name}_seconds_bucket").Where(s => s.Labels["le"] == "2.5").Sum(s => s.Value);
            Assert.Equal(page.All($"meshpulse_path_{name}_seconds_count").Sum(s => s.Value), most);
            Assert.True(most > 0, page.Text);
        }

        await pair.Asking.StopAsync();
    }
}
