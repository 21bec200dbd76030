using Meshpulse.Agent.Analysis;
using Meshpulse.Agent.Api.Json;

namespace Meshpulse.Agent.Tests.Api.Json;

public sealed class ApiJsonTests
{
    [Fact]
    public void What_is_not_known_is_read_as_that()
    {
        var flow = new FlowEntry(40_001, 1, 1, 0, 0, 0) { LostSeries = [null, 0.0] };
        var view = new PathView("a", "history") { T = [1, 2], Sent = [null, 10.0], Flows = [flow], Histograms = new PathHistograms([[12.5, 3.0]], [], []) };
        var told = new PathDocument(1, "a", default, "a", "b", default, default, 1_000, [view, new PathView("b", "peer") { Missing = "gone" }], [], [], []);
        var read = ApiJson.Read<PathDocument>(ApiJson.Write(told));
        Assert.NotNull(read);
        Assert.Equal([null, 10.0], read.Views[0].Sent);
        Assert.Equal([12.5, 3.0], read.Views[0].Histograms!.Forward[0]);
        Assert.Null(read.Views[0].Flows[0].Large);
        Assert.Equal([null, 0.0], read.Views[0].Flows[0].LostSeries);
        Assert.Null(read.Views[0].StepMs);
        Assert.Equal("gone", read.Views[1].Missing);
    }

    [Fact]
    public void Lines_stay_lines_and_what_could_forge_them_does_not_stay()
    {
        var told = PathWith(new TraceEntry(default, default, "b", "path", "loss", " 1  10.0.0.1\t<b>\n\u001b[2J\r\u202e\n") { ExitCode = 3 });
        var read = Assert.Single(ApiJson.Read<PathDocument>(ApiJson.Write(told))!.Traces);
        Assert.Equal((" 1  10.0.0.1\t<b>\n?[2J??\n", 3), (read.Text, read.ExitCode));
    }

    [Theory]
    [InlineData(1, 16_384, true)]
    [InlineData(32, 10, true)]
    [InlineData(1, 16_385, false)]
    [InlineData(33, 10, false)]
    public void Traces_of_others_are_bounded_in_number_and_length(int count, int length, bool isRead)
    {
        // As somebody else would write it, who does not keep to our bounds.
        var mark = new string('m', 20);
        var one = System.Text.Encoding.UTF8.GetString(ApiJson.Write(PathWith(new TraceEntry(default, default, "b", "path", "loss", mark))));
        var (start, end) = (one.IndexOf("\"traces\":[", StringComparison.Ordinal) + 10, one.LastIndexOf(']'));
        var trace = one[start..end].Replace(mark, new string('x', length), StringComparison.Ordinal);
        var body = one[..start] + string.Join(',', Enumerable.Repeat(trace, count)) + one[end..];
        Assert.Equal(isRead ? count : null, ApiJson.Read<PathDocument>(System.Text.Encoding.UTF8.GetBytes(body))?.Traces.Count);
    }

    [Theory]
    [InlineData("\\u001b[2J")]
    [InlineData("a\\rb")]
    [InlineData("\\u202e")]
    public void A_trace_of_another_with_control_characters_is_not_read(string text)
    {
        var one = System.Text.Encoding.UTF8.GetString(ApiJson.Write(PathWith(new TraceEntry(default, default, "b", "path", "loss", "PLACE"))));
        Assert.NotNull(ApiJson.Read<PathDocument>(System.Text.Encoding.UTF8.GetBytes(one.Replace("PLACE", "a\\n\\tb", StringComparison.Ordinal))));
        Assert.Null(ApiJson.Read<PathDocument>(System.Text.Encoding.UTF8.GetBytes(one.Replace("PLACE", text, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":1,\"node\":\"a\\u0007\",\"now\":\"2026-01-01T00:00:00.000000Z\",\"paths\":[]}")]
    [InlineData("{\"version\":1,\"node\":\"a\",\"now\":\"2026-01-01T00:00:00.000000Z\",\"paths\":[null]}")]
    [InlineData("{\"version\":1,\"node\":\"a\",\"now\":\"2026-01-01T00:00:00.000000Z\",\"paths\":null}")]
    [InlineData("{\"version\":1,\"node\":\"a\",\"node\":\"b\",\"now\":\"2026-01-01T00:00:00.000000Z\",\"paths\":[]}")]
    public void What_is_no_document_is_not_read(string body) => Assert.Null(ApiJson.Read<PathsDocument>(System.Text.Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void A_trace_may_be_as_long_as_what_is_kept_of_one() => Assert.Equal(PrintedText.MaxLength, BoundedLines.MaxLength);

    private static PathDocument PathWith(TraceEntry trace) => new(1, "a", default, "a", "b", default, default, 1_000, [], [], [], [trace]);

    [Fact]
    public void Lists_that_are_too_long_are_not_read()
    {
        var names = string.Join(',', Enumerable.Repeat("{\"node\":\"a\",\"why\":\"b\"}", ApiJson.MaxNodes + 1));
        var change = $"{{\"at\":\"2026-01-01T00:00:00.000000Z\",\"ages_ms\":[],\"states\":[],\"missing\":[{names}],\"rows\":[]}}";
        Assert.Null(ApiJson.Read<MatrixChange>(System.Text.Encoding.UTF8.GetBytes(change)));
    }
}
