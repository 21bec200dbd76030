using System.Text;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.Fleet.Logs;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Diagnosis.Transcripts;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Fleet.Logs;

public sealed class FleetReplayTests
{
    private const long Begin = 1_800_000_000_000_000_000;
    private const int Slices = 80;

    private static readonly string[] s_nodes = ["a", "b", "c"];
    private static readonly Duration s_slice = Duration.FromMilliseconds(250);

    [Fact]
    public void Where_nothing_was_wrong_nothing_is_said()
    {
        var (replay, document) = Run([.. s_nodes.Select(n => Log(n, (_, _) => true))]);
        Assert.Equal(s_nodes, replay.Nodes);
        Assert.Equal((FleetReplay.Judge, 0), (document.Node, document.Verdicts.Count));
        Assert.Equal((At(1), At(Slices), At(Slices)), (replay.From, replay.Until, document.Now));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_host_that_nobody_hears_any_more_is_gone_whether_its_log_is_there_or_not(bool withItsLog)
    {
        // It ends with slice 40, and the others do not hear it from there on.
        var logs = s_nodes.Select(n => Log(n, (number, peer) => number <= 40 || (n != "c" && peer != "c"), n == "c" ? 40 : Slices)).ToList();
        var (_, document) = Run(withItsLog ? logs : [.. logs.Take(2)]);
        var verdict = Assert.Single(document.Verdicts);
        Assert.Equal(("host.gone", "c", null), (verdict.What, verdict.Where.Host, verdict.Until));
        Assert.InRange(verdict.Since.Nanoseconds, At(39).Nanoseconds, At(42).Nanoseconds);
    }

    [Fact]
    public void The_order_of_the_files_and_how_they_are_cut_does_not_matter()
    {
        var logs = s_nodes.Select(n => Log(n, (number, peer) => number <= 40 || (n != "c" && peer != "c"), n == "c" ? 40 : Slices)).ToList();
        var expected = Run(logs).Document;
        // The second file of one node is cut in two: as it was turned.
        var lines = logs[1].Split('\n');
        var (replay, document) = Run([string.Join('\n', lines[30..]), logs[2], logs[0], string.Join('\n', lines[..30])]);
        Assert.Equal(FleetJson.Write(expected), FleetJson.Write(document));
        Assert.Equal(0, replay.Misplaced);
    }

    [Fact]
    public void Damaged_lines_are_counted_and_passed_over()
    {
        var verdict = """{"version":1,"at":"2027-01-15T08:00:00.000000Z","change":"begun","verdict":{"id":"1"}}""";
        var sound = Log("a", (_, _) => true);
        using var log = Opened("{\n" + sound + "\n" + verdict + "\nnonsense\n" + sound.Split('\n')[0].Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal) + "\n\n{\"version\":1,\"sli");
        var document = new FleetReplay().Run([log], CancellationToken.None);
        Assert.Equal((Slices, 4L), ((int)log.Slices, log.Damaged));
        Assert.Empty(document.Verdicts);
    }

    [Fact]
    public void What_comes_after_later_lines_of_its_file_is_not_used()
    {
        var sound = Log("a", (_, _) => true);
        var (replay, _) = Run([sound + "\n" + sound.Split('\n')[0]]);
        Assert.Equal(1, replay.Misplaced);
    }

    [Fact]
    public void A_gap_of_years_costs_no_years()
    {
        var sound = Log("a", (_, _) => true);
        var later = FleetJson.Write(new SliceLogLine(1, Slice("a", Slices + 1, (_, _) => true) with { At = new ClockPairing(new MonoTime(Begin), new WallTime(3_900_000_000_000_000_000)), From = new MonoTime(Begin) }));
        var (replay, _) = Run([sound + "\n" + Encoding.UTF8.GetString(later)]);
        // Its wall clock has stepped, and its own clock tells when it was.
        Assert.Equal(new WallTime((Begin * 2) - MonoOf("a")), replay.Until);
    }

    [Fact]
    public void A_step_of_the_wall_clock_does_not_move_the_slices()
    {
        var stepped = new StringBuilder();
        for (var number = 1; number <= Slices; number++)
        {
            var slice = Slice("a", number, (_, _) => true);
            var at = number > 40 ? slice.At with { Wall = slice.At.Wall + Duration.FromSeconds(30) } : slice.At;
            stepped.Append(Encoding.UTF8.GetString(FleetJson.Write(new SliceLogLine(1, slice with { At = at })))).Append('\n');
        }

        var (replay, document) = Run([stepped.ToString(), Log("b", (_, _) => true), Log("c", (_, _) => true)]);
        Assert.Equal((0L, At(Slices)), (replay.Misplaced, replay.Until));
        Assert.DoesNotContain(document.Verdicts, v => v.What.StartsWith("host.", StringComparison.Ordinal));
    }

    [Fact]
    public void Console_output_is_judged_beside_the_slices_and_they_bear_witness()
    {
        // In the table of 08:00:12, between slices all of which are well, d saw a late; the others did not.
        var (replay, document) = RunWith(Printed((table, peer) => (table, peer) == (6, "a") ? 900 : 5.1), [.. s_nodes.Select(n => Log(n, (_, _) => true))]);
        Assert.Equal(["a", "b", "c", "d"], replay.Nodes);
        var verdict = Assert.Single(document.Verdicts);
        Assert.Equal(("path.jitter", "a", "d"), (verdict.What, verdict.Where.From, verdict.Where.To));
        Assert.StartsWith("t", verdict.Id, StringComparison.Ordinal);
        Assert.Equal([VerdictChangeKind.Begun, VerdictChangeKind.Ended], replay.Changes.Select(c => c.Change.Kind));
        // Its own output alone says no less, and does not excuse the host so well.
        Assert.Single(RunWith(Printed((table, peer) => (table, peer) == (6, "a") ? 900 : 5.1), []).Document.Verdicts);
    }

    [Fact]
    public void What_slices_tell_better_is_not_told_twice()
    {
        var logs = s_nodes.Take(2).Select(n => Log(n, (number, peer) => number <= 40 || peer != "c")).ToArray();
        var (_, document) = RunWith(Printed((table, peer) => table >= 6 && peer == "c" ? 2_000 : 5.1), logs);
        var verdict = Assert.Single(document.Verdicts);
        Assert.Equal(("host.gone", "c"), (verdict.What, verdict.Where.Host));
        Assert.DoesNotContain('t', verdict.Id);
    }

    private static string Printed(Func<int, string, double> receive) => string.Concat(Enumerable.Range(1, 10).Select(table =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"08:00:{table * 2:00} [               ] Connected to 3 servers\n") + string.Concat(s_nodes.Select(peer =>
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"[{peer,15}] {receive(table, peer):0.0} 5.0 5.0 5.0 5.0| 0.0 0.0 0.0 0.0 0.0| 5.1 5.0 5.0 5.1 5.1\n")))));

    private static (FleetReplay Replay, VerdictDocument Document) RunWith(string printed, IReadOnlyList<string> texts)
    {
        using var transcript = new TranscriptLog("d.log", new MemoryStream(Encoding.UTF8.GetBytes(printed)));
        var names = new TranscriptNames([(transcript.Survey, null, "d")]);
        transcript.Begin(names.Nodes[0], new WallTime(Begin) - Duration.FromSeconds(8 * 3_600));
        var logs = texts.Select(Opened).ToList();
        var replay = new FleetReplay();
        var document = replay.Run(logs, [transcript], names, CancellationToken.None);
        logs.ForEach(log => log.Dispose());
        return (replay, document);
    }

    private static (FleetReplay Replay, VerdictDocument Document) Run(IEnumerable<string> texts)
    {
        var logs = texts.Select(Opened).ToList();
        var replay = new FleetReplay();
        var document = replay.Run(logs, CancellationToken.None);
        Assert.All(logs, log => Assert.Equal(0, log.Damaged));
        logs.ForEach(log => log.Dispose());
        return (replay, document);
    }

    private static SliceLog Opened(string text) => new("log", new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static string Log(string node, Func<int, string, bool> hears, int until = Slices) => string.Join(
        '\n', Enumerable.Range(1, until).Select(number => Encoding.UTF8.GetString(FleetJson.Write(new SliceLogLine(1, Slice(node, number, hears))))));

    /// <summary>Each host's monotonic clock began elsewhere.</summary>
    private static long MonoOf(string node) => 1_000_000_000L * (1_000 + (node[0] * 77));

    private static WallTime At(int number) => new WallTime(Begin) + (s_slice * number);

    private static NodeSlice Slice(string node, int number, Func<int, string, bool> hears)
    {
        var at = new ClockPairing(new MonoTime(MonoOf(node)) + (s_slice * number), At(number));
        return new NodeSlice(node, 7ul + node[0], number)
        {
            From = at.Mono - s_slice,
            At = at,
            Peers = [.. s_nodes.Where(n => n != node).Select(n => new PeerSlice(n)
            {
                IsConnected = true,
                Received = hears(number, n) ? 50 : 0,
                Silence = hears(number, n) ? Duration.FromMilliseconds(3) : s_slice * (number - 40),
            })],
        };
    }
}
