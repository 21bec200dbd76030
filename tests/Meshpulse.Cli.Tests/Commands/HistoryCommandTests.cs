using Meshpulse.Agent.History;
using Meshpulse.Cli.Commands;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Commands;

public sealed class HistoryCommandTests
{
    private static readonly WallTime s_now = new(1_800_000_000_000_000_000);

    [Fact]
    public void Without_words_everything_of_the_last_hour_is_listed()
    {
        var arguments = Read("");
        Assert.Equal((HistoryTopic.Contents, HistoryFormat.Text, (string?)null), (arguments.Topic, arguments.Format, arguments.Place));
        Assert.Equal((s_now - Duration.FromSeconds(3_600), s_now), (arguments.From, arguments.To));
        Assert.Equal(HistoryArguments.TextPoints, arguments.Points);
    }

    [Theory]
    [InlineData("b --from -15m --to -5m", 900, 300)]
    [InlineData("b --from -7d", 604_800, 0)]
    [InlineData("b --from=-1h30m --to now", 5_400, 0)]
    [InlineData("b --from 2027-01-15T07:00:00Z", 3_600, 0)]
    [InlineData("b --from 2027-01-15T08:00:00.5+01:00 --to 2027-01-15T07:30:00Z", 3_599.5, 1_800)]
    [InlineData("b --from 2027-01-15T07:59", 60, 0)]
    [InlineData("b --from 2027-01-15", 28_800, 0)]
    public void Times_are_before_now_or_moments(string words, double from, double to)
    {
        var arguments = Read(words);
        Assert.Equal((from, to), ((s_now - arguments.From).Seconds, (s_now - arguments.To).Seconds));
    }

    [Theory]
    [InlineData("b --csv", HistoryTopic.Windows, HistoryFormat.Csv)]
    [InlineData("b --hlog --points 5", HistoryTopic.Windows, HistoryFormat.Hlog)]
    [InlineData("--vitals --json", HistoryTopic.Vitals, HistoryFormat.Json)]
    [InlineData("--events", HistoryTopic.Events, HistoryFormat.Text)]
    [InlineData("--verdicts --csv", HistoryTopic.Verdicts, HistoryFormat.Csv)]
    public void Topic_and_form(string words, HistoryTopic topic, HistoryFormat format) =>
        Assert.Equal((topic, format), (Read(words).Topic, Read(words).Format));

    [Fact]
    public void Step_kind_and_file()
    {
        var arguments = Read("b --step 5m --kind heartbeat --file /x/y");
        Assert.Equal((Duration.FromSeconds(300), SeriesKind.Heartbeat, "/x/y"), (arguments.Step, arguments.Kind, arguments.Place));
    }

    [Theory]
    [InlineData("b --from yesterday", "--from yesterday: not a time; it is written as in 2026-05-01T03:00:00Z, or as in -30m before now")]
    [InlineData("b --from -30", "--from -30: not a span of time; it is written as in 90s, 30m, 1h30m or 2d")]
    [InlineData("b --from 1969-01-01T00:00:00Z", "--from 1969-01-01T00:00:00Z: not a time; it is written as in 2026-05-01T03:00:00Z, or as in -30m before now")]
    [InlineData("b --to -2h", "history: --to is not later than --from")]
    [InlineData("b --step 0", "--step 0: not a span of time; it is written as in 90s, 30m, 1h30m or 2d")]
    [InlineData("b --points 0", "--points 0: the number of steps must be at least 1 (default 60)")]
    [InlineData("b --kind host", "--kind host: there are path, heartbeat and check")]
    [InlineData("b --json --csv", "--csv: not together with --json")]
    [InlineData("--vitals --events", "--events: not together with --vitals")]
    [InlineData("b --events", "--events: is of the whole node; not together with a peer")]
    [InlineData("--hlog", "--hlog: histograms are of a path; say of which, as in history PEER --hlog")]
    [InlineData("b c", "history: one peer at a time; c is one too many. Both ends are one word, as in 'a -> b'")]
    [InlineData("--file=", "--file: a value is missing; it is the file of the history, or a folder with one")]
    [InlineData("--form", "--form: no such option; did you mean --from?")]
    public async Task A_wrong_line_is_refused(string words, string error)
    {
        var line = await Line.Of($"history {words}");
        Assert.Equal((CommandRunner.UsageExitCode, $"meshpulse: {error}\n"), (line.ExitCode, line.Error));
    }

    [Theory]
    [InlineData("--history-size 1M", "--history-size 1M: must be at least 16M")]
    [InlineData("--history-size many", "--history-size many: not a number of bytes; it is written as in 512M or 4G")]
    [InlineData("--history-size 2000T", "--history-size 2000T: must be at most 1024T")]
    [InlineData("--history /x --no-history", "--no-history: not together with --history")]
    public async Task What_an_agent_can_not_keep_is_refused(string words, string error)
    {
        var line = await Line.Of(words);
        Assert.Equal((CommandRunner.UsageExitCode, $"meshpulse: {error}\n"), (line.ExitCode, line.Error));
    }

    [Fact]
    public async Task An_agent_keeps_what_it_is_told_to()
    {
        var mesh = (await Line.Of("--history /x/ --history-size 512M")).Mesh!;
        Assert.Equal(("/x/", 512L << 20, false), (mesh.History, mesh.HistorySize, mesh.NoHistory));
        Assert.True((await Line.Of("--no-history")).Mesh!.NoHistory);
        Assert.Null(AgentStart.HistoryOf("/x/", isOff: true, 1, "a"));
        Assert.Equal("/x/10.0.0.1_12222.history", AgentStart.HistoryOf("/x/", isOff: false, 1, "10.0.0.1:12222")!.File);
        Assert.Equal("/x/y", AgentStart.HistoryOf("/x/y", isOff: false, 1, "a")!.File);
    }

    private static HistoryArguments Read(string words) =>
        new HistoryCommand(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Read(s_now);
}
