using System.Text.RegularExpressions;
using Meshpulse.Cli.Console;
using Meshpulse.Cli.Fleet;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Live;

namespace Meshpulse.Cli.Tests.Fleet;

public sealed partial class TopScreenTests
{
    private static readonly TerminalSize s_usual = new(80, 24);

    [Fact]
    public void What_is_wrong_stands_above_the_matrix_and_the_chosen_cell_below()
    {
        var state = Of(TestMesh.OfSize(3).With(0, 1, 0.07, 100, 200, 1, CellState.Verdict), TestMesh.Verdict(VerdictKind.PathLoss, VerdictPlace.Path("10.0.0.1", "10.0.0.2")));
        var lines = TopScreen.Paint(state, s_usual, isColoured: false).Select(Plain).ToList();
        Assert.Equal("meshpulse 10.0.0.1  2027-01-15 08:00:00 UTC, 3 of 3 nodes up", lines[0]);
        Assert.Equal("> path.loss 10.0.0.1 -> 10.0.0.2, for 12.0 s, 90% sure", lines[1]);
        Assert.Equal("    lost 7 % at 10.0.0.2 (usually 0 %)", lines[2]);
        Assert.StartsWith("    -> look at the error counters", lines[3], StringComparison.Ordinal);
        Assert.Equal(["           1 2 3", "1 10.0.0.1 \\ 4 .", "2 10.0.0.2 . \\ .", "3 10.0.0.3 . . \\"], lines[4..8]);
        Assert.Equal("10.0.0.1 -> 10.0.0.2: 6.8% lost, p50 96us, p99 201us, 1x the usual, see verdict", lines[8]);
        Assert.StartsWith("q: leave", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(10, 3)]
    [InlineData(20, 8)]
    [InlineData(40, 15)]
    [InlineData(80, 24)]
    [InlineData(300, 100)]
    public void Any_terminal_is_filled_and_never_exceeded(int columns, int lines)
    {
        foreach (var count in new[] { 1, 2, 5, 300 })
        {
            var verdicts = Enumerable.Range(0, 30).Select(i => TestMesh.Verdict(VerdictKind.PathLoss, VerdictPlace.Path("10.0.0.1", $"10.0.0.{i}")));
            var state = Of(TestMesh.OfSize(count), [.. verdicts]);
            foreach (var key in new[] { TopKey.PageDown, TopKey.PageDown, TopKey.NextVerdict, TopKey.Help, TopKey.Help, TopKey.Pause })
            {
                Assert.True(state.Press(key, 10));
                var painted = TopScreen.Paint(state, new TerminalSize(columns, lines), isColoured: true);
                Assert.Equal(lines, painted.Count);
                Assert.All(painted, l => Assert.True(Plain(l).Length <= columns, Plain(l)));
            }
        }
    }

    [Fact]
    public void The_cursor_is_always_on_the_screen()
    {
        var state = Of(TestMesh.OfSize(200));
        for (var i = 0; i < 250; i++)
        {
            state.Press(TopKey.Down, 10);
            state.Press(TopKey.Right, 10);
            Assert.Single(TopScreen.Paint(state, s_usual, isColoured: false), l => l.Contains("\e[7m", StringComparison.Ordinal));
        }

        Assert.Equal((199, 199), (state.From, state.To));
    }

    [Fact]
    public void Old_and_failed_answers_are_told_first()
    {
        var state = Of(TestMesh.OfSize(3));
        state.Age = TimeSpan.FromSeconds(12);
        Assert.StartsWith("12 s OLD  meshpulse", TopScreen.Paint(state, s_usual, false)[0], StringComparison.Ordinal);
        state.Fail("connection refused");
        Assert.StartsWith("12 s OLD: connection refused  meshpulse", TopScreen.Paint(state, s_usual, false)[0], StringComparison.Ordinal);
        state.Take(TestMesh.OfSize(3).Grid(), TestMesh.Verdicts());
        Assert.StartsWith("meshpulse", TopScreen.Paint(state, s_usual, false)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_first_answer_nothing_is_said_to_be_fine()
    {
        var state = new TopState { Asked = "10.0.0.9:12223" };
        var lines = TopScreen.Paint(state, s_usual, false);
        Assert.Equal("meshpulse 10.0.0.9:12223  waiting for its first answer", lines[0]);
        Assert.DoesNotContain(lines, l => l.Contains("nothing is wrong", StringComparison.Ordinal));
    }

    [Fact]
    public void A_held_picture_stays_until_it_goes_on()
    {
        var state = Of(TestMesh.OfSize(3));
        state.Press(TopKey.Pause, 1);
        state.Take(TestMesh.OfSize(5).Grid(), TestMesh.Verdicts());
        Assert.Equal(3, state.Grid!.Count);
        Assert.StartsWith("HELD, 0 s OLD", TopScreen.Paint(state, s_usual, false)[0], StringComparison.Ordinal);
        state.Press(TopKey.Pause, 1);
        state.Take(TestMesh.OfSize(5).Grid(), TestMesh.Verdicts());
        Assert.Equal(5, state.Grid!.Count);
    }

    [Fact]
    public void The_chosen_pair_and_verdict_stay_chosen_where_others_come()
    {
        var (loss, gone) = (TestMesh.Verdict(VerdictKind.PathLoss, VerdictPlace.Path("b", "c")), TestMesh.Verdict(VerdictKind.HostGone, VerdictPlace.Host("d")));
        var state = new TopState { Asked = "a" };
        state.Take(new TestMesh("b", "c").Grid(), TestMesh.Verdicts(loss));
        state.Press(TopKey.NextVerdict, 1);
        state.Take(new TestMesh("a", "b", "c").Grid(), TestMesh.Verdicts(loss, gone));
        Assert.Equal(("b", "c"), (state.Grid!.Names[state.From], state.Grid.Names[state.To]));
        Assert.Equal([gone.Id, loss.Id], state.Verdicts.Select(v => v.Id));
        Assert.Equal(loss.Id, state.Chosen!.Id);
    }

    [Fact]
    public void Without_colours_there_are_none()
    {
        var state = Of(TestMesh.OfSize(5).With(0, 1, 0.5, 1, 1, 1).With(2, 3, null, null, null, null, CellState.Silent));
        Assert.DoesNotContain(TopScreen.Paint(state, s_usual, false), l => SelectsColour().IsMatch(l));
    }

    private static TopState Of(TestMesh mesh, params Agent.Fleet.Json.VerdictEntry[] verdicts)
    {
        var state = new TopState { Asked = "10.0.0.1" };
        state.Take(mesh.Grid(), TestMesh.Verdicts(verdicts));
        return state;
    }

    private static string Plain(string line) => Sequence().Replace(line, "");

    [GeneratedRegex(@"\e\[[0-9;]*[A-Za-z]", RegexOptions.None, 1_000)]
    private static partial Regex Sequence();

    [GeneratedRegex(@"\e\[(?:3|4|9)[0-9]", RegexOptions.None, 1_000)]
    private static partial Regex SelectsColour();
}
