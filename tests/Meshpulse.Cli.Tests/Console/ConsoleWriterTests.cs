using System.IO.Pipes;
using Meshpulse.Cli.Console;

namespace Meshpulse.Cli.Tests.Console;

public class ConsoleWriterTests
{
    // Only a hang takes so long.
    private static readonly TimeSpan Ever = TimeSpan.FromMinutes(2);

    private static string Notice(long lines) => $"<{lines} lost>\n";

    [Fact]
    public void Blocks_of_many_threads_come_whole_and_in_each_threads_order()
    {
        using var output = new ScriptedStream();
        using var writer = new ConsoleWriter(output, Notice, capacity: int.MaxValue);
        const int Threads = 8, Each = 250;

        var threads = Enumerable.Range(0, Threads).Select(t => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                writer.Write($"{t} {i}\n{new string('x', i % 50)}\n{t} {i} end\n");
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.True(writer.Stop(Ever));

        Assert.Equal(0, writer.Dropped);
        Assert.Equal(Threads * Each, output.Writes.Count);
        var next = new int[Threads];
        foreach (var block in output.Writes)
        {
            var thread = block[0] - '0';
            var i = next[thread]++;
            Assert.Equal($"{thread} {i}\n{new string('x', i % 50)}\n{thread} {i} end\n", block);
        }
    }

    [Fact]
    public void A_blocked_output_stalls_nobody_and_loses_the_oldest_which_is_reported()
    {
        using var output = new ScriptedStream();
        output.Block();
        using var writer = new ConsoleWriter(output, Notice, capacity: 24);
        writer.Write("in flight\n");
        Assert.True(output.Begun.Wait(Ever));

        // Eight characters and two lines each: three fit.
        for (var i = 0; i < 10; i++)
        {
            writer.Write($"a {i}\nb {i}\n");
        }

        Assert.Equal(14, writer.Dropped);
        output.Unblock();
        Assert.True(writer.Stop(Ever));

        Assert.Equal(["in flight\n", "<14 lost>\na 7\nb 7\n", "a 8\nb 8\n", "a 9\nb 9\n"], output.Writes);
    }

    [Fact]
    public void A_block_longer_than_the_queue_is_kept_when_it_is_the_newest()
    {
        using var output = new ScriptedStream();
        output.Block();
        using var writer = new ConsoleWriter(output, Notice, capacity: 4);
        writer.Write("1\n");
        Assert.True(output.Begun.Wait(Ever));

        writer.Write("2\n");
        writer.Write("a long block\n");
        output.Unblock();
        Assert.True(writer.Stop(Ever));

        Assert.Equal(["1\n", "<1 lost>\na long block\n"], output.Writes);
    }

    [Fact]
    public void Stop_gives_up_on_an_output_that_blocks_and_succeeds_once_it_flows()
    {
        using var output = new ScriptedStream();
        output.Block();
        using var writer = new ConsoleWriter(output, Notice);
        writer.Write("first\n");
        writer.Write("last\n");

        Assert.False(writer.Stop(TimeSpan.FromMilliseconds(20)));
        writer.Write("too late\n");
        output.Unblock();
        Assert.True(writer.Stop(Ever));

        Assert.Equal(["first\n", "last\n"], output.Writes.Select(w => w.Replace("<1 lost>\n", "")));
        Assert.Equal(1, writer.Dropped);
    }

    [Fact]
    public void An_output_that_fails_loses_its_block_and_is_tried_again()
    {
        using var output = new ScriptedStream { Failing = true };
        using var writer = new ConsoleWriter(output, Notice);
        writer.Write("a\nb\n");
        Assert.True(output.Begun.Wait(Ever));
        Assert.True(SpinWait.SpinUntil(() => writer.Dropped == 2, Ever));

        output.Failing = false;
        writer.Write("c\n");
        Assert.True(writer.Stop(Ever));

        Assert.Equal(["\n<2 lost>\nc\n"], output.Writes);
    }

    [Fact]
    public void A_closed_pipe_ends_nothing()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        pipe.DisposeLocalCopyOfClientHandle();
        using var writer = new ConsoleWriter(pipe, Notice);

        writer.Write("nobody reads this\n");
        writer.Write("nor this\n");

        Assert.True(writer.Stop(Ever));
        Assert.Equal(2, writer.Dropped);
    }

    [Fact]
    public void The_bytes_are_utf8_without_a_mark_at_the_start()
    {
        using var output = new ScriptedStream();
        using var writer = new ConsoleWriter(output, Notice);

        writer.Write("\u00b5s\n");

        Assert.True(writer.Stop(Ever));
        Assert.Equal([0xc2, 0xb5, (byte)'s', (byte)'\n'], output.Bytes);
    }
}
