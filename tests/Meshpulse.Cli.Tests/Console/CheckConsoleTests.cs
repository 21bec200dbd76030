using Meshpulse.Agent.Hosting;
using Meshpulse.Cli.Commands;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Console;

public class CheckConsoleTests
{
    // Only a hang takes so long.
    private static readonly TimeSpan s_ever = TimeSpan.FromMinutes(2);
    private static readonly CheckNote s_note = new(SampleReport.At, "maintenance begins");
    private static readonly CheckNote s_detail = new(SampleReport.At, "a detail", IsDetail: true);

    [Fact]
    public void Lines_are_written_a_report_at_once_and_notes_between_them()
    {
        Assert.Equal(
            [CheckLines.Format(SampleReport.OfFirst()), "2022-03-25 09:56:37 maintenance begins\n", CheckLines.Format(SampleReport.OfFirst(true))],
            Written(CheckOutput.Lines, quiet: false, details: false, console =>
            {
                console.OnReport(SampleReport.OfFirst());
                console.OnNote(s_note);
                console.OnNote(s_detail);
                console.OnReport(SampleReport.OfFirst(isMaintenance: true));
                console.OnReport(SampleReport.Of([]));
            }));
    }

    [Fact]
    public void Json_has_notes_as_objects() => Assert.Equal(
        [CheckJson.Format(SampleReport.OfFirst()), CheckJson.Format(s_note)],
        Written(CheckOutput.Json, quiet: false, details: false, console =>
        {
            console.OnReport(SampleReport.OfFirst());
            console.OnNote(s_note);
            console.OnNote(s_detail);
        }));

    [Theory]
    [InlineData(CheckOutput.Lines)]
    [InlineData(CheckOutput.Json)]
    [InlineData(CheckOutput.Watch)]
    public void Quiet_leaves_the_notes_and_details_are_shown_where_asked_for(CheckOutput output)
    {
        Func<CheckNote, string> format = output == CheckOutput.Json ? CheckJson.Format : CheckLines.Format;
        Assert.Equal(
            [format(s_note), format(s_detail)],
            Written(output, quiet: true, details: true, console =>
            {
                console.OnReport(SampleReport.OfFirst());
                console.OnNote(s_note);
                console.OnNote(s_detail);
            }));
    }

    [Fact]
    public void Watching_draws_a_frame_in_one_write_and_gives_the_cursor_back_at_the_end()
    {
        var report = SampleReport.OfFirst();
        string Frame(params CheckNote[] notes) => CheckTable.Frame(report, notes, TerminalSize.Usual, colour: false);

        Assert.Equal("\e[?25h", CheckTable.Leave);
        Assert.Equal(
            [Frame(), Frame(s_note) + CheckTable.Leave],
            Written(CheckOutput.Watch, quiet: false, details: false, console =>
            {
                console.OnReport(report);
                console.OnNote(s_note);
                console.OnNote(s_detail);
                console.Dispose();
            }));
    }

    [Fact]
    public void Watching_does_not_draw_a_frame_for_each_of_many_notes()
    {
        var written = Written(CheckOutput.Watch, quiet: false, details: false, console =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                console.OnNote(new CheckNote(SampleReport.At + Duration.FromMilliseconds(i), $"line {i}"));
            }
        });

        Assert.Equal(11, written.Count);
        Assert.Contains("line 999", written[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("line 994", written[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_frame_the_terminal_is_left_alone() =>
        Assert.Empty(Written(CheckOutput.Watch, quiet: false, details: false, _ => { }));

    [Fact]
    public void Behind_a_blocked_terminal_only_the_newest_frame_waits()
    {
        using var output = new ScriptedStream();
        output.Block();
        using var writer = new ConsoleWriter(output, CheckConsole.DropNotice(CheckOutput.Watch, () => SampleReport.At), CheckConsole.CapacityFor(CheckOutput.Watch));
        using (var console = new CheckConsole(CheckOutput.Watch, false, false, writer, false, () => TerminalSize.Usual))
        {
            console.OnReport(SampleReport.OfFirst());
            Assert.True(output.Begun.Wait(s_ever));
            for (var i = 0; i < 50; i++)
            {
                console.OnReport(SampleReport.OfAllKinds());
            }
        }

        output.Unblock();
        Assert.True(writer.Stop(s_ever));
        Assert.Equal(
            [CheckTable.Frame(SampleReport.OfFirst(), [], TerminalSize.Usual, false), CheckTable.Frame(SampleReport.OfAllKinds(), [], TerminalSize.Usual, false) + CheckTable.Leave],
            output.Writes);
    }

    [Fact]
    public void Lost_lines_are_told_in_the_form_of_the_others()
    {
        static string Notice(CheckOutput output) => CheckConsole.DropNotice(output, () => SampleReport.At)(7);

        Assert.Equal("2022-03-25 09:56:37 7 lines lost: the output was too slow\n", Notice(CheckOutput.Lines));
        Assert.Equal(CheckJson.Format(new CheckNote(SampleReport.At, "7 lines lost: the output was too slow")), Notice(CheckOutput.Json));
        Assert.Equal("", Notice(CheckOutput.Watch));
    }

    /// <summary>What was written, by writes, with room for all of them.</summary>
    private static IReadOnlyList<string> Written(CheckOutput output, bool quiet, bool details, Action<CheckConsole> use)
    {
        using var stream = new ScriptedStream();
        using var writer = new ConsoleWriter(stream, _ => "<lost>", int.MaxValue);
        using (var console = new CheckConsole(output, quiet, details, writer, colour: false, () => TerminalSize.Usual))
        {
            use(console);
        }

        Assert.True(writer.Stop(s_ever));
        return stream.Writes;
    }
}
