using System.Net;
using System.Text.Json;
using Meshpulse.Agent.Tracing;
using Meshpulse.Cli.Console;
using Meshpulse.Cli.Tests.Golden;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Tests.Console;

public sealed class TraceOutputTests
{
    private static readonly TraceView s_view = new(Name, colour: false);

    [Fact]
    public void Json_has_the_members_that_scripts_read()
    {
        Assert.Equal(GoldenFile.Read("trace-json.txt"), TraceJson.Format(Full(), Name));

        using var full = JsonDocument.Parse(TraceJson.Format(Full(), Name));
        using var empty = JsonDocument.Parse(TraceJson.Format(Empty(), _ => null));
        Assert.Equal(Shape(full.RootElement), Shape(empty.RootElement));
        var silent = full.RootElement.GetProperty("hops")[2];
        Assert.True(silent.GetProperty("likely_rate_limited").GetBoolean());
        Assert.Equal(JsonValueKind.Null, silent.GetProperty("delay_ms").GetProperty("best").ValueKind);
        Assert.Equal(Shape(full.RootElement.GetProperty("hops")[0]), Shape(silent));
    }

    [Fact]
    public void Text_has_a_line_for_each_way_and_says_what_loss_means() => Assert.Equal(GoldenFile.Read("trace-text.txt"), s_view.Format(Full()));

    [Fact]
    public void Text_says_that_nothing_came() =>
        Assert.Equal("trace to 192.0.2.7, tcp port 80, 1 flow, 1 round\nno answer from anybody\n", s_view.Format(Empty()));

    [Fact]
    public void A_refusal_is_said_in_words()
    {
        var refused = new TraceAddress(At(3), 2, TraceAnswerKind.Refused, TraceRefusal.Prohibited, 60);
        var report = Empty().Report with
        {
            Hops = [new TraceHop(1, [new TraceFlowHop(0, new TraceCounts(2, 2, 0, 0, 0), Delays(1, 2, 3, 2), [refused])])],
            Paths = [new TracePath(0, 1, false, TraceRefusal.Prohibited, 1)],
            Counts = new TraceCounts(2, 2, 0, 0, 0),
        };
        var text = s_view.Format(Empty() with { Report = report });
        Assert.Contains("  prohibited (!X)\nthe target was not reached\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_takes_the_place_of_the_last_and_never_wraps_or_scrolls()
    {
        var drawn = 0;
        foreach (var size in new[] { new TerminalSize(60, 24), new TerminalSize(20, 4), new TerminalSize(1, 1), new TerminalSize(200, 50) })
        {
            var before = drawn;
            var frame = s_view.Frame(Full(), size, ref drawn);
            Assert.StartsWith(before == 0 ? "trace" : $"\e[{before}A\r", frame, StringComparison.Ordinal);
            Assert.EndsWith("\e[K\n\e[J", frame, StringComparison.Ordinal);
            Assert.Equal(drawn, frame.Count(c => c == '\n'));
            Assert.InRange(drawn, 1, Math.Max(size.Lines - 1, 1));
            var lines = (before == 0 ? frame : frame[(frame.IndexOf('\r') + 1)..]).Split("\e[K\n")[..^1];
            Assert.All(lines, line => Assert.InRange(line.Length, 0, Math.Max(size.Columns - 1, 1)));
        }

        Assert.Equal($"\e[{drawn}A\r\e[J", TraceView.Erase(drawn));
    }

    [Fact]
    public void Colours_are_red_for_loss_and_yellow_where_it_is_of_answers()
    {
        var text = new TraceView(_ => null, colour: true).Format(Full());
        Assert.Contains($"{Shades.Yellow}100.0%{Shades.Plain}", text, StringComparison.Ordinal);
        Assert.Contains($"{Shades.Red} 12.5%{Shades.Plain}", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', s_view.Format(Full()));
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2, 4 }, "1-3,5")]
    [InlineData(new[] { 3 }, "4")]
    [InlineData(new int[0], "")]
    [InlineData(new[] { 0, 2, 4, 5 }, "1,3,5-6")]
    public void Flows_are_numbered_from_one_and_drawn_together(int[] flows, string expected) => Assert.Equal(expected, TraceWords.Numbers(flows));

    private static IEnumerable<string> Shape(JsonElement json) => json.EnumerateObject().Select(m => m.Name);

    // A name is what somebody put into the DNS.
    private static string? Name(NodeEndpoint address) => address == At(1) ? "gate\u001b[2J.example" : null;

    private static NodeEndpoint At(int number) => NodeEndpoint.From(new IPAddress([192, 0, 2, (byte)number]), 0);

    private static TraceDelays Delays(int best, int mean, int worst, int last) => new(
        4, Duration.FromMicroseconds(best), Duration.FromMicroseconds(mean * 4), Duration.FromMicroseconds(worst), Duration.FromMicroseconds(last), default);

    private static TraceAddress Transit(int number) => new(At(number), 4, TraceAnswerKind.Transit, TraceRefusal.None, 255);

    private static TracingResult Full()
    {
        var all = new TraceCounts(4, 4, 0, 0, 0);
        var target = new TraceAddress(At(7), 4, TraceAnswerKind.Destination, TraceRefusal.None, 61);
        return Empty() with
        {
            Protocol = TracingProtocol.Udp,
            Target = At(7).WithPort(33_434),
            FlowIds = [40_001, 40_002],
            Refused = 3,
            KernelStamps = 27,
            Report = new TraceReport
            {
                Hops =
                [
                    new TraceHop(1, [new TraceFlowHop(0, all, Delays(40, 50, 90, 45), [Transit(1)]), new TraceFlowHop(1, all, Delays(41, 52, 95, 60), [Transit(1)])]),
                    new TraceHop(2, [new TraceFlowHop(0, all, Delays(1_040, 1_050, 1_090, 1_045), [Transit(2)]), new TraceFlowHop(1, all, Delays(2_041, 2_052, 2_095, 2_060), [Transit(3), Transit(4) with { Answers = 1 }])]),
                    new TraceHop(3, [new TraceFlowHop(0, new TraceCounts(4, 0, 0, 4, 0), null, []), new TraceFlowHop(1, new TraceCounts(4, 0, 0, 4, 0), null, [])]) { IsLikelyRateLimited = true },
                    new TraceHop(4, [new TraceFlowHop(0, all, Delays(3_040, 3_050, 3_090, 3_045), [target]), new TraceFlowHop(1, new TraceCounts(4, 2, 1, 1, 0), Delays(12_345_678, 12_345_679, 12_345_680, 12_345_679), [target])]),
                ],
                Paths = [new TracePath(0, 4, true, TraceRefusal.None, 4), new TracePath(1, 4, true, TraceRefusal.None, 4)],
                Counts = new TraceCounts(34, 24, 1, 9, 0),
                Rounds = 4,
                AskedUpTo = 6,
                Unsent = 1,
                Duplicates = 0,
                Unknown = 1,
                IsSerial = false,
            },
            LastError = "Network is unreachable",
        };
    }

    private static TracingResult Empty() => new()
    {
        Target = At(7).WithPort(80),
        Protocol = TracingProtocol.Tcp,
        Report = new TraceReport
        {
            Hops = [],
            Paths = [new TracePath(0, null, false, TraceRefusal.None, 0)],
            Counts = new TraceCounts(30, 0, 0, 30, 0),
            Rounds = 1,
            AskedUpTo = 30,
            Unsent = 0,
            Duplicates = 0,
            Unknown = 0,
            IsSerial = false,
        },
        FlowIds = [40_001],
        Refused = 0,
        KernelStamps = 0,
        UserStamps = 0,
        LastError = null,
    };
}
