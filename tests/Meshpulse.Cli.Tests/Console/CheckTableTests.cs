using System.Text.RegularExpressions;
using Meshpulse.Agent.Hosting;
using Meshpulse.Cli.Console;
using Meshpulse.Cli.Tests.Golden;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Console;

public sealed partial class CheckTableTests
{
    private static readonly TerminalSize s_large = new(200, 50);

    [Fact]
    public void A_frame_is_the_agreed_one_to_the_character()
    {
        CheckNote[] notes = [new(SampleReport.At, "analysis mtr started - from a to db1."), new(SampleReport.At, "a\nb")];

        Assert.Equal(GoldenFile.Read("check-table.txt"), CheckTable.Frame(SampleReport.OfAllKinds(), notes, s_large, colour: true));
    }

    [Fact]
    public void A_frame_is_drawn_over_the_one_before()
    {
        var frame = CheckTable.Frame(SampleReport.OfFirst(), [], s_large, colour: false);

        Assert.StartsWith("\e[?25l\e[H", frame, StringComparison.Ordinal);
        Assert.EndsWith("\e[K\n\e[J", frame, StringComparison.Ordinal);
        Assert.Equal(frame.Split('\n').Length - 1, frame.Split("\e[K\n").Length - 1);
        Assert.DoesNotContain("\e[2J", frame, StringComparison.Ordinal);
    }

    [Fact]
    public void Loss_is_red_and_what_was_not_sent_and_maintenance_are_yellow()
    {
        var probes = SampleReport.Probes(SampleReport.First, "local");
        ProbeReport[] pairs = [SampleReport.Pair(probes[0], SampleReport.Window(8, 6, 1, 2)), SampleReport.Pair(probes[1], SampleReport.Window(8, 8, 1, 2), unsent: 7)];
        var report = SampleReport.Of(pairs, isMaintenance: true);

        var coloured = CheckTable.Frame(report, [], s_large, colour: true);

        Assert.Contains(" \e[31m   2\e[0m \e[31m 25.00\e[0m ", coloured, StringComparison.Ordinal);
        Assert.Contains(" \e[33m     7\e[0m\e[K\n", coloured, StringComparison.Ordinal);
        Assert.Contains("\n\e[33m2022-03-25 09:56:37 mode: MAINTENANCE, window: 5 s, pairs: 2, with loss: 1\e[0m\e[K\n", coloured, StringComparison.Ordinal);
        Assert.Equal(CheckTable.Frame(report, [], s_large, colour: false), Colours().Replace(coloured, ""));
    }

    [Fact]
    public void Where_rows_do_not_fit_the_worst_are_shown_and_the_others_counted()
    {
        var report = Many(100);

        var rows = Texts(CheckTable.Frame(report, [], new(120, 12), colour: false));

        // 1 header, 6 lines of pairs, a blank one, 2 of datacenters, and what holds for all.
        Assert.Equal(11, rows.Count);
        Assert.Equal(["s99", "s98", "s97", "s96", "s95"], rows.Skip(1).Take(5).Select(row => Target().Match(row).Groups["to"].Value));
        Assert.Equal("95 more; worst first", rows[6]);
        Assert.Equal("", rows[7]);
        Assert.StartsWith("udp_ping no-datacenter -> dc9 ", rows[8], StringComparison.Ordinal);
        Assert.Equal("9 more; worst first", rows[9]);
        Assert.Equal("2022-03-25 09:56:37 mode: normal, window: 5 s, pairs: 100, with loss: 99", rows[10]);
    }

    [Fact]
    public void Equal_losses_are_ordered_by_their_latency()
    {
        var probes = Many(6).Pairs.Select(pair => pair.Probe).ToList();
        long?[] latencies = [5, null, 9, 7, 9, 8];
        var pairs = probes.Select((probe, i) => SampleReport.Pair(probe, SampleReport.Window(3, latencies[i] is null ? 0 : 2, latencies[i], latencies[i]))).ToList();
        // The first has lost most; the others one each.
        pairs[1] = pairs[1] with { Window = SampleReport.Window(3, 0) };

        var rows = Texts(CheckTable.Frame(SampleReport.Of(pairs) with { Datacenters = [] }, [], new(120, 8), colour: false));

        Assert.Equal(["s1", "s2", "s4", "s5"], rows.Skip(1).Take(4).Select(row => Target().Match(row).Groups["to"].Value));
        Assert.Equal("2 more; worst first", rows[5]);
    }

    [Fact]
    public void What_fits_keeps_the_files_order()
    {
        var rows = Texts(CheckTable.Frame(Many(6), [], new(120, 40), colour: false));

        Assert.Equal(["s0", "s1", "s2", "s3", "s4", "s5"], rows.Skip(1).Take(6).Select(row => Target().Match(row).Groups["to"].Value));
    }

    [Fact]
    public void No_frame_is_larger_than_its_terminal()
    {
        CheckReport[] reports = [SampleReport.OfFirst(), SampleReport.OfAllKinds(), SampleReport.Of([]), Many(40), Many(1)];
        CheckNote[] notes = [.. Enumerable.Range(0, 9).Select(i => new CheckNote(SampleReport.At, $"{i} 東京{new string('x', 300)}"))];
        foreach (var report in reports.Append(null))
        {
            for (var columns = 1; columns <= 130; columns += 3)
            {
                for (var lines = 1; lines <= 30; lines++)
                {
                    var rows = Texts(CheckTable.Frame(report, notes, new(columns, lines), colour: true));
                    Assert.True(rows.Count <= Math.Max(lines - 1, 1), $"{rows.Count} lines of {lines}");
                    Assert.All(rows, row => Assert.True(CellText.Width(row) <= Math.Max(columns - 1, 1), $"{columns} columns: {row}"));
                }
            }
        }
    }

    [Fact]
    public void A_narrow_terminal_keeps_what_matters_most()
    {
        static string[] At(int columns) => [.. Texts(CheckTable.Frame(SampleReport.OfFirst(), [], new(columns, 20), colour: false)).Take(2).Select(row => row.TrimEnd())];

        Assert.Equal(
            [
                "check    from -> to           ip          req resp loss loss % min ms max ms unsent",
                "udp_ping local -> fail        127.0.222.1 161    0  161 100.00      -      -      0",
            ],
            At(100));
        Assert.Equal(["check    from -> to         req resp loss loss % min ms max ms unsent", "udp_ping local -> fail      161    0  161 100.00      -      -      0"], At(70));
        Assert.Equal(["from -> to       req loss loss % max ms", "local -> fail    161  161 100.00      -"], At(40));
        Assert.Equal(["from -> to   loss max ms", "..al -> fail  161      -"], At(25));
    }

    [Theory]
    [InlineData(0, 0, "-")]
    [InlineData(10, 10, "0.00")]
    [InlineData(10, 0, "100.00")]
    [InlineData(3, 2, "33.33")]
    [InlineData(1_000_000, 999_999, "0.01")]
    [InlineData(1_000_000, 1, "99.99")]
    public void A_share_says_nothing_or_all_only_where_that_is_so(long decided, long answered, string percent) =>
        Assert.Equal(percent, new CheckTableRow("", "", "", SampleReport.Window(decided, answered), null).LossPercent);

    [Fact]
    public void Notes_are_shown_before_the_first_report_and_only_the_last_few()
    {
        CheckNote[] notes = [.. Enumerable.Range(0, 9).Select(i => new CheckNote(SampleReport.At, $"note {i}"))];

        Assert.Equal(
            Enumerable.Range(4, 5).Select(i => $"2022-03-25 09:56:37 note {i}"),
            Texts(CheckTable.Frame(null, notes, s_large, colour: false)));
        Assert.Equal("2022-03-25 09:56:37 note 8", Texts(CheckTable.Frame(SampleReport.OfFirst(), notes, s_large, colour: false))[^1]);
    }

    /// <summary>The lines of a frame without what steers the terminal.</summary>
    private static List<string> Texts(string frame) => [.. Steering().Replace(frame, "").Split('\n')[..^1]];

    /// <summary>So many targets in ten datacenters; the n-th loses n probes.</summary>
    private static CheckReport Many(int count)
    {
        var servers = Enumerable.Range(0, count).Select(i => $"[[server]]\nname = \"s{i}\"\nip = \"192.0.2.{i + 1}\"\ndatacenter = \"dc{i % 10}\"\ngroups = [\"all\"]\n");
        var toml = $"[[group]]\nname = \"all\"\n{string.Concat(servers)}[[server]]\nname = \"me\"\nip = \"198.51.100.1\"\n[[check]]\nfrom = \"me\"\nto = \"all\"\ncheck = \"udp_ping\"\n";
        return SampleReport.Of([.. SampleReport.Probes(toml, "me").Select((probe, i) => SampleReport.Pair(probe, SampleReport.Window(200, 200 - i, 50, 60)))]);
    }

    [GeneratedRegex(@"\e\[\d+m", RegexOptions.None, 1000)]
    private static partial Regex Colours();

    [GeneratedRegex(@"\e\[\??\d*[A-Za-z]", RegexOptions.None, 1000)]
    private static partial Regex Steering();

    [GeneratedRegex("-> (?<to>[a-z0-9]+) ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Target();
}
