using System.Globalization;
using System.Text.RegularExpressions;
using Meshpulse.Agent.Analysis;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using static Meshpulse.Agent.Tests.Analysis.Definitions;
using static Meshpulse.Agent.Tests.Analysis.RunnerFixture;

namespace Meshpulse.Agent.Tests.Analysis;

/// <summary>Real commands, run by the real shell.</summary>
public sealed partial class AnalysisRunTests
{
    /// <summary>For what the leader said last to be read, however late the reader is.</summary>
    private static readonly Duration s_settle = Duration.FromSeconds(3);

    [Fact]
    public async Task The_lines_and_the_report_are_as_agreed()
    {
        var definition = Of("echo one {{server.to.ip}}; echo two >&2; printf 'no line feed'");
        await using var fixture = new RunnerFixture(null, definition);
        fixture.Offer(definition);
        var lines = await fixture.LinesOfRunAsync();

        var report = ReportOf(lines);
        Assert.Equal(
            [
                "preparing analysis mtr from: local to: fail",
                "analysis mtr started - from local to fail.",
                "analysis mtr - output: one 127.0.222.1",
                "analysis mtr - output: two",
                "analysis mtr - output: no line feed",
                "analysis mtr finished",
                $"analysis mtr - wrote report to {report}",
            ],
            lines);
        Assert.Matches($@"^{Regex.Escape(fixture.Settings.Directory)}/mtr/fail/\d{{4}}(_\d\d){{5}}\.txt$", report);
        Assert.Equal(
            """
            # analysis mtr from local (10.0.0.1) to fail (127.0.222.1)
            # started TIME: 161 of 200 requests lost in 5.0 s (min_loss 20)
            # command: echo one 127.0.222.1; echo two >&2; printf 'no line feed'

            one 127.0.222.1
            two
            no line feed
            # ended TIME after SPAN: exit code 0

            """,
            SpanText().Replace(TimeText().Replace(File.ReadAllText(report), "TIME"), "after SPAN:"));
        Assert.Equal(new AnalysisCounts(0, 1, 0), await IdleAsync(fixture));
    }

    [Theory]
    [InlineData("echo x; exit 3", "3")]
    [InlineData("/no/such/tool", "127")]
    [InlineData("kill -9 $$", "137")]
    [InlineData("if", "2")]
    public async Task A_command_that_fails_is_told(string command, string code)
    {
        var (lines, report) = await RunAsync(command);

        Assert.Equal(["analysis tool failed with exit code " + code, "analysis mtr finished"], lines.TakeLast(3).Take(2));
        Assert.EndsWith($": exit code {code}\n", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_too_long_for_the_system_is_told()
    {
        var (lines, _) = await RunAsync("echo " + new string('x', 200_000));

        Assert.Equal("analysis tool failed with exit code 126 (/bin/sh: Argument list too long)", lines[1]);
        Assert.Equal("analysis mtr finished", lines[2]);
    }

    [Fact]
    public async Task A_hostile_value_is_one_argument_and_is_named_in_the_report()
    {
        const string Value = "$(echo ran) `echo ran`; echo ran\n' \" \u001b[2J";
        var (lines, report) = await RunAsync("printf '<%s>' {{server.to.extra1}}", null, d => d with { To = d.To with { Extra1 = Value } });

        Assert.Equal(["analysis mtr - output: <$(echo ran) `echo ran`; echo ran", "analysis mtr - output: ' \" ?[2J>"], lines.GetRange(2, 2));
        Assert.Contains("# command: printf '<%s>' \"${MESHPULSE_SERVER_TO_EXTRA1}\"\n# MESHPULSE_SERVER_TO_EXTRA1=$(echo ran) `echo ran`; echo ran\n# ' ", report, StringComparison.Ordinal);
        Assert.Contains($"<{Value}>", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Megabytes_end_the_command_and_cut_the_report()
    {
        var (lines, report) = await RunAsync("yes", s => s with { MaxOutputBytes = 1_000_000, MaxListedLines = 3 });

        Assert.Equal(
            [
                "analysis mtr - output: y", "analysis mtr - output: y", "analysis mtr - output: y",
                $"analysis mtr - output: (more than 3 lines; the rest is in {ReportOf(lines)})",
                "analysis tool failed with exit code 143 (ended after 1000000 bytes of output)", "analysis mtr finished",
            ],
            lines.Skip(2).SkipLast(1));
        Assert.Contains("y\n# cut here: more than 1000000 bytes\n# ended ", report, StringComparison.Ordinal);
        Assert.InRange(report.Length, 1_000_000, 1_001_000);
    }

    [Fact]
    public async Task One_endless_line_is_told_in_pieces()
    {
        var (lines, report) = await RunAsync("printf '%04096d%04095dé%04096dx' 1 2 3");

        var pieces = lines.Where(l => l.Contains(" - output: ", StringComparison.Ordinal)).Select(l => l["analysis mtr - output: ".Length..]).ToList();
        Assert.Equal(4096 + 4095 + 1 + 4096 + 1, string.Concat(pieces).Length);
        Assert.DoesNotContain("\uFFFD", string.Concat(pieces), StringComparison.Ordinal);
        Assert.Equal([4096, 4095, 4095, 3], pieces.Select(p => p.Length));
        Assert.Contains(string.Concat(pieces), report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_reach_the_report_as_they_are()
    {
        var definition = Of("""printf '\377\000\r\n'""");
        await using var fixture = new RunnerFixture(null, definition);
        fixture.Offer(definition);
        var lines = await fixture.LinesOfRunAsync();

        Assert.Equal("analysis mtr - output: \uFFFD?", lines[2]);
        Assert.True(File.ReadAllBytes(ReportOf(lines)).AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0x00, (byte)'\r', (byte)'\n']) > 0);
    }

    [Fact]
    public async Task At_the_time_limit_the_whole_group_is_ended()
    {
        var (lines, report) = await RunAsync(
            "(trap '' TERM; echo child $BASHPID; while :; do sleep 1000; done) & echo leader $$; wait", s => s with { Grace = Duration.FromMilliseconds(100) },
            d => d with { TimeLimit = Duration.FromSeconds(6) });

        Assert.Equal("analysis tool failed with exit code 143 (ended at its time limit of 6.0 s)", lines[^3]);
        Assert.Contains("exit code 143 (ended at its time limit of 6.0 s)", report, StringComparison.Ordinal);
        await GoneAsync(Leader(lines));
    }

    [Fact]
    public async Task What_a_command_leaves_in_the_background_is_ended()
    {
        var (lines, report) = await RunAsync("sleep 1000 & sleep 1001 >/dev/null 2>&1 & echo leader $$", s => s with { Settle = s_settle });

        Assert.Equal("analysis mtr finished", lines[^2]);
        Assert.EndsWith("exit code 0\n", report, StringComparison.Ordinal);
        await GoneAsync(Leader(lines));
    }

    [Fact]
    public async Task A_background_writer_gets_a_moment_to_finish()
    {
        var (_, report) = await RunAsync("echo text > >(sleep 0.2; cat)", s => s with { Settle = Duration.FromSeconds(50) });

        Assert.Contains("\ntext\n# ended ", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_leaves_the_group_with_the_pipe_holds_up_nothing()
    {
        var (lines, _) = await RunAsync(
            "export F=$(mktemp -u); setsid bash -c 'echo escaped $$; touch $F; exec sleep 1000' & until [ -e $F ]; do :; done; rm $F",
            s => s with { Settle = s_settle, Grace = Duration.FromMilliseconds(100) });

        Assert.Equal("analysis mtr finished", lines[^2]);
        var escaped = int.Parse(lines.Single(l => l.Contains("escaped ", StringComparison.Ordinal)).Split("escaped ")[1], CultureInfo.InvariantCulture);
        System.Diagnostics.Process.GetProcessById(escaped).Kill();
    }

    [Fact]
    public async Task Without_a_place_for_the_report_it_runs_all_the_same()
    {
        var definition = Of("echo text");
        await using var fixture = new RunnerFixture(s => s with { Directory = "/proc/none/such" }, definition);
        fixture.Offer(definition);

        Assert.Equal("preparing analysis mtr from: local to: fail", await fixture.LineAsync());
        Assert.StartsWith("analysis mtr - no report: ", await fixture.LineAsync(), StringComparison.Ordinal);
        Assert.Equal("analysis mtr started - from local to fail.", await fixture.LineAsync());
        Assert.Equal("analysis mtr - output: text", await fixture.LineAsync());
        Assert.Equal("analysis mtr finished", await fixture.LineAsync());
    }

    [Fact]
    public async Task A_symbolic_link_in_the_way_is_not_followed()
    {
        var definition = Of("echo text");
        await using var fixture = new RunnerFixture(null, definition);
        var elsewhere = Directory.CreateDirectory(Path.Combine(fixture.Folder, "elsewhere")).FullName;
        Directory.CreateDirectory(Path.Combine(fixture.Settings.Directory, "mtr"));
        Directory.CreateSymbolicLink(Path.Combine(fixture.Settings.Directory, "mtr/fail"), elsewhere);
        fixture.Offer(definition);

        Assert.Equal(
            $"analysis mtr - no report: {fixture.Settings.Directory}/mtr/fail: is a symbolic link or no directory",
            await fixture.LineAsync(" - no report"));
        Assert.Equal("analysis mtr finished", await fixture.LineAsync(" finished"));
        Assert.Empty(Directory.GetFileSystemEntries(elsewhere));
    }

    [Fact]
    public async Task Names_do_not_lead_out_of_the_directory_nor_forge_lines()
    {
        var definition = Of("echo text", name: "../../x", to: "/etc\npasswd");
        await using var fixture = new RunnerFixture(null, definition);
        fixture.Offer(definition);

        var lines = await fixture.LinesOfRunAsync();

        Assert.Equal("preparing analysis ../../x from: local to: /etc?passwd", lines[0]);
        Assert.StartsWith($"{fixture.Settings.Directory}/%2E.%2F..%2Fx/%2Fetc%0Apasswd/2", ReportOf(lines), StringComparison.Ordinal);
        Assert.Equal([fixture.Settings.Directory], Directory.GetFileSystemEntries(fixture.Folder));
    }

    [Fact]
    public async Task The_oldest_reports_go_and_other_files_stay()
    {
        var definition = Of("echo text");
        await using var fixture = new RunnerFixture(s => s with { KeptReports = 3, KeptBytes = 100 }, definition);
        var folder = Directory.CreateDirectory(Path.Combine(fixture.Settings.Directory, "mtr/fail")).FullName;
        foreach (var (day, size) in new[] { (1, 1), (2, 1), (3, 90), (4, 20), (5, 1) })
        {
            File.WriteAllBytes(Path.Combine(folder, $"2020_01_0{day}_00_00_00.txt"), new byte[size]);
        }

        File.WriteAllText(Path.Combine(folder, "notes.txt"), "mine");
        File.CreateSymbolicLink(Path.Combine(folder, "2019_01_01_00_00_00.txt"), "notes.txt");
        fixture.Offer(definition);
        var lines = await fixture.LinesOfRunAsync();

        Assert.Equal(
            ["2019_01_01_00_00_00.txt", "2020_01_04_00_00_00.txt", "2020_01_05_00_00_00.txt", Path.GetFileName(ReportOf(lines)), "notes.txt"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_full_disk_is_told_and_the_lines_go_on()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && Directory.Exists("/dev/shm"), "only root can mount a small file system");
        var definition = Of("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last");
        var small = Directory.CreateTempSubdirectory("meshpulse-small-").FullName;
        Assert.SkipUnless(await CommandAsync("mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "none", small) == 0, "this machine lets nobody mount");
        try
        {
            await using var fixture = new RunnerFixture(s => s with { Directory = small }, definition);
            fixture.Offer(definition);
            Assert.Equal("analysis mtr - output: last", await fixture.LineAsync("output: last"));
            Assert.Equal("analysis mtr finished", await fixture.LineAsync());
            Assert.Contains(" is not whole: ", await fixture.LineAsync(), StringComparison.Ordinal);
            Assert.Equal(0, (await IdleAsync(fixture)).Failed);
        }
        finally
        {
            await CommandAsync("umount", small);
            Directory.Delete(small);
        }
    }

    [Fact]
    public async Task The_real_mtr_reports()
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, "mtr"))), "mtr is not installed: apt-get install mtr-tiny");
        Assert.SkipUnless(await CommandAsync("mtr", "-n", "-r", "-c", "1", "127.0.0.1") == 0, "mtr may not send here");
        var (lines, report) = await RunAsync(
            "mtr -n -s 1000 -r -c 2 {{server.to.ip}}", null, d => d with { To = d.To with { Ip = "127.0.0.1" } });

        Assert.DoesNotContain(lines, l => l.StartsWith("analysis tool failed", StringComparison.Ordinal));
        Assert.Contains("# command: mtr -n -s 1000 -r -c 2 127.0.0.1\n", report, StringComparison.Ordinal);
        Assert.Matches(@"\n\s+1\.\|-- 127\.0\.0\.1 +0\.0% +2 ", report);
        Assert.Contains(lines, l => l.StartsWith("analysis mtr - output: HOST: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_it_printed_is_told_with_its_end()
    {
        var before = SystemClocks.Wall();
        var run = await FinishAsync("printf 'one\\033[2J\\n'; echo two >&2; exit 3");

        Assert.Equal(("mtr", "local", "fail", 3, false), (run.Name, run.From.Name, run.To.Name, run.ExitCode, run.HasSucceeded));
        Assert.Equal("161 of 200 requests lost in 5.0 s (min_loss 20)", run.Cause);
        Assert.Equal("exit code 3", run.Ending);
        Assert.Equal("one?[2J\ntwo\n# after SPAN: exit code 3\n", SpanText().Replace(run.Text, "after SPAN:"));
        Assert.InRange(run.Began.Nanoseconds, before.Nanoseconds, SystemClocks.Wall().Nanoseconds);
        Assert.Equal(run.Began + run.Length, run.Ended);
        Assert.EndsWith(".txt", run.ReportPath, StringComparison.Ordinal);
        Assert.True((await FinishAsync("true")).HasSucceeded);
    }

    [Fact]
    public async Task What_could_not_run_or_had_to_be_ended_says_so()
    {
        Assert.EndsWith(": exit code 126 (/bin/sh: Argument list too long)\n", (await FinishAsync("echo " + new string('x', 200_000))).Text, StringComparison.Ordinal);
        var late = await FinishAsync("echo first; sleep 1000", null, d => d with { TimeLimit = Duration.FromSeconds(6) });
        Assert.Equal("first\n# after SPAN: exit code 143 (ended at its time limit of 6.0 s)\n", SpanText().Replace(late.Text, "after SPAN:"));
        Assert.Null((await FinishAsync("echo text", s => s with { Directory = "/proc/none/such" })).ReportPath);
    }

    [Fact]
    public async Task Of_megabytes_the_beginning_is_told_however_few_lines_are_listed()
    {
        var run = await FinishAsync("yes", s => s with { MaxOutputBytes = 1_000_000, MaxListedLines = 3 });

        Assert.InRange(run.Text.Length, PrintedText.MaxLength - 400, PrintedText.MaxLength);
        Assert.Contains("y\ny\n(cut)\n# after ", run.Text, StringComparison.Ordinal);
        Assert.EndsWith(": exit code 143 (ended after 1000000 bytes of output)\n", run.Text, StringComparison.Ordinal);
    }

    /// <summary>Counts are given back a moment after the last line.</summary>
    internal static async Task<AnalysisCounts> IdleAsync(RunnerFixture fixture)
    {
        using var limit = new CancellationTokenSource(Hang);
        while (fixture.Runner.Counts.Running > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return fixture.Runner.Counts;
    }

    internal static int Leader(IEnumerable<string> lines) =>
        int.Parse(lines.Single(l => l.Contains("output: leader ", StringComparison.Ordinal)).Split("leader ")[1], CultureInfo.InvariantCulture);

    /// <summary>Waits until no process of a session is left; the kernel ends killed ones a moment after kill(2).</summary>
    internal static async Task GoneAsync(int session)
    {
        using var limit = new CancellationTokenSource(Hang);
        while (Living(session) is { Count: > 0 } left)
        {
            Assert.False(limit.IsCancellationRequested, string.Join('\n', left));
            await Task.Yield();
        }
    }

    internal static List<string> Living(int session) => [.. Directory.GetDirectories("/proc")
        .Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0]))
        .Select(StatOf)
        .Where(s => s.Length > 3 && s[3] == session.ToString(CultureInfo.InvariantCulture) && s[0] != "Z")
        .Select(s => string.Join(' ', s))];

    // Behind the name in brackets: state, parent, group, session.
    private static string[] StatOf(string process)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(process, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static async Task<int> CommandAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Task.WhenAll(output, errors);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", RegexOptions.None, 1000)]
    private static partial Regex TimeText();

    [GeneratedRegex(@"after \d+\.\d \w+:", RegexOptions.None, 1000)]
    private static partial Regex SpanText();
}
