using System.Globalization;
using System.IO.Pipes;
using System.Text;
using Meshpulse.Linux.Processes;

namespace Meshpulse.Linux.Tests.Processes;

public sealed class ProcessGroupTests
{
    // Nothing here should take a second; what takes this long hangs.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);
    private static readonly Dictionary<string, string> NoVariables = [];

    [Fact]
    public async Task Output_and_errors_come_in_their_order_and_the_exit_code_is_the_commands()
    {
        using var group = Start("echo one; echo two >&2; echo three; exit 7");

        Assert.Equal("one\ntwo\nthree\n", await ReadAsync(group));
        Assert.Equal(new ProcessEnd(7, 0), await EndAsync(group));
    }

    [Fact]
    public async Task The_environment_is_ours_with_the_variables_added_and_input_is_empty()
    {
        using var group = ProcessGroup.Start(
            "/bin/bash", "printf '%s|%s|' \"$A_VALUE\" \"$PATH\"; cat", new Dictionary<string, string> { ["A_VALUE"] = "a $(b) 'c'\n" });

        Assert.Equal($"a $(b) 'c'\n|{Environment.GetEnvironmentVariable("PATH")}|", await ReadAsync(group));
    }

    [Fact]
    public async Task Only_the_standard_descriptors_and_default_signals_are_inherited()
    {
        var file = Path.GetTempFileName();
        using var held = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.DeleteOnClose);
        using var group = Start("ls -l /proc/$$/fd; test -e /proc/$$/fd/3 && echo has 3; grep -E '^Sig(Ign|Blk)' /proc/self/status; kill -PIPE $$; echo survived");

        var output = await ReadAsync(group);
        Assert.Contains(" 0 -> /dev/null\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain(file, output, StringComparison.Ordinal);
        Assert.Equal(["SigBlk", "SigIgn"], output.Split('\n').Where(l => l.StartsWith("Sig", StringComparison.Ordinal)).Select(l => l[..6]));
        // 32 and 33 are the C library's own: it does not touch them.
        Assert.All(output.Split('\n').Where(l => l.StartsWith("Sig", StringComparison.Ordinal)),
            l => Assert.Equal(0, long.Parse(l[8..], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 0x7FFFFFFF));
        Assert.DoesNotContain("has 3", output, StringComparison.Ordinal);
        Assert.Equal(13, (await EndAsync(group)).Signal);
    }

    [Fact]
    public async Task It_has_a_session_of_its_own()
    {
        using var group = Start("cut -d ' ' -f 5,6 /proc/$$/stat");

        Assert.Equal($"{group.Id} {group.Id}\n", await ReadAsync(group));
    }

    [Fact]
    public async Task Terminating_reaches_the_whole_group()
    {
        using var group = Start("trap 'echo asked; exit 3' TERM; sleep 1000 & echo ready; while :; do wait; done");
        using var output = new StreamReader(Stream(group));
        Assert.Equal("ready", await output.ReadLineAsync().WaitAsync(Hang));

        group.Terminate();

        // The end of the output is the end of the sleep as well: it had the pipe open.
        Assert.Equal("asked\n", await output.ReadToEndAsync().WaitAsync(Hang));
        Assert.Equal(new ProcessEnd(3, 0), await EndAsync(group));
    }

    [Fact]
    public async Task Killing_reaches_those_that_refuse_to_end()
    {
        using var group = Start("trap '' TERM; (trap '' TERM; sleep 1000) & echo ready; sleep 1000");
        using var output = new StreamReader(Stream(group));
        Assert.Equal("ready", await output.ReadLineAsync().WaitAsync(Hang));
        group.Terminate();

        group.Kill();

        Assert.Equal("", await output.ReadToEndAsync().WaitAsync(Hang));
        Assert.Equal(new ProcessEnd(137, 9), await EndAsync(group));
    }

    [Fact]
    public async Task Disposal_ends_what_the_leader_left_behind()
    {
        var group = Start("sleep 1000 & echo ready");
        using var output = new StreamReader(Stream(group));
        Assert.Equal("ready", await output.ReadLineAsync().WaitAsync(Hang));
        Assert.Equal(0, (await EndAsync(group)).ExitCode);
        Assert.NotEmpty(MembersOf(group.Id));

        group.Dispose();
        group.Dispose();
        group.Terminate();

        Assert.Equal("", await output.ReadToEndAsync().WaitAsync(Hang));
        await UntilEmptyAsync(group.Id);
    }

    [Fact]
    public async Task The_group_ends_when_we_are_gone()
    {
        using var group = Start("sleep 1000 & echo ready; sleep 1000");
        using var output = new StreamReader(Stream(group));
        Assert.Equal("ready", await output.ReadLineAsync().WaitAsync(Hang));

        group.CutLifeline();

        Assert.Equal(15, (await EndAsync(group)).Signal);
        await UntilEmptyAsync(group.Id);
    }

    [Fact]
    public async Task And_even_where_it_refuses_to()
    {
        using var group = Start("trap '' TERM; echo ready; while :; do sleep 1000; done");
        using var output = new StreamReader(Stream(group));
        Assert.Equal("ready", await output.ReadLineAsync().WaitAsync(Hang));

        group.CutLifeline();

        Assert.Equal(9, (await EndAsync(group)).Signal);
        await UntilEmptyAsync(group.Id);
    }

    [Fact]
    public async Task A_missing_shell_is_exit_code_127()
    {
        using var group = ProcessGroup.Start("/no/such/shell", "true", NoVariables);

        Assert.Contains("/no/such/shell", await ReadAsync(group), StringComparison.Ordinal);
        Assert.Equal(new ProcessEnd(127, 0), await EndAsync(group));
    }

    [Fact]
    public void What_is_too_long_for_the_system_is_refused()
    {
        var refused = Assert.Throws<ProcessStartException>(() => ProcessGroup.Start("/bin/bash", new string('x', 1 << 20), NoVariables));

        Assert.Equal("/bin/sh: Argument list too long", refused.Message);
    }

    private static ProcessGroup Start(string command) => ProcessGroup.Start("/bin/bash", command, NoVariables);

    private static AnonymousPipeClientStream Stream(ProcessGroup group) => new(PipeDirection.In, group.Output);

    private static async Task<string> ReadAsync(ProcessGroup group)
    {
        using var reader = new StreamReader(Stream(group), Encoding.UTF8);
        return await reader.ReadToEndAsync().WaitAsync(Hang);
    }

    private static Task<ProcessEnd> EndAsync(ProcessGroup group) => Task.Run(group.WaitForLeader).WaitAsync(Hang);

    /// <summary>The processes of a session that still run: those that nobody has reaped yet do not.</summary>
    private static List<string> MembersOf(int session) => [.. Directory.GetDirectories("/proc")
        .Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0]))
        .Select(StatOf)
        .Where(stat => stat is [_, _, _, var s, ..] && s == session.ToString(CultureInfo.InvariantCulture) && stat[0] != "Z")
        .Select(stat => string.Join(' ', stat))];

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

    // The kernel ends killed processes after kill(2) has returned, and offers nothing to wait for where they aren't our children.
    private static async Task UntilEmptyAsync(int session)
    {
        using var limit = new CancellationTokenSource(Hang);
        while (MembersOf(session) is { Count: > 0 } left)
        {
            Assert.False(limit.IsCancellationRequested, string.Join('\n', left));
            await Task.Yield();
        }
    }
}
