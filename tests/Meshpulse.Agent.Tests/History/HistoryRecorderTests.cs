using Meshpulse.Agent.Analysis;
using Meshpulse.Agent.History;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.History;

public sealed class HistoryRecorderTests
{
    private static readonly WallTime s_end = new(2_000_000_000);

    private static readonly FinishedAnalysis s_run = new(
        "path", new ServerFacts("a", "10.0.0.1"), new ServerFacts("b\n", "10.0.0.2"), "verdict path.loss", new WallTime(1_000_000_000), Duration.FromSeconds(1), 3, "exit code 3",
        "/reports/path/b/1.txt", "text");

    [Fact]
    public void An_analysis_is_an_event_of_the_peer_that_says_why_how_and_where()
    {
        var happened = Assert.Single(EventsOf([s_run]));
        Assert.Equal(
            new HistoryEvent(s_end, "analysis", "10.0.0.2", "analysis path of the path to b? took 1.0 s, exit code 3; verdict path.loss; report /reports/path/b/1.txt"),
            happened);
        Assert.EndsWith("; no report", Assert.Single(EventsOf([s_run with { ReportPath = null }])).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_storm_of_analyses_is_bounded_and_counted()
    {
        HistoryRecorder? recorder = null;
        Assert.Equal(200, EventsOf(Enumerable.Repeat(s_run, 300), r => recorder = r).Count);
        Assert.Equal(100, recorder!.EventsDropped);
    }

    private static IReadOnlyList<HistoryEvent> EventsOf(IEnumerable<FinishedAnalysis> runs, Action<HistoryRecorder>? with = null)
    {
        var batches = new List<HistoryBatch>();
        var recorder = new HistoryRecorder("10.0.0.1", batches.Add, () => new ClockPairing(new MonoTime(1), s_end));
        with?.Invoke(recorder);
        foreach (var run in runs)
        {
            recorder.OnAnalysis(s_end, run);
        }

        recorder.EndRound(isLast: true);
        return Assert.Single(batches).Events;
    }
}
