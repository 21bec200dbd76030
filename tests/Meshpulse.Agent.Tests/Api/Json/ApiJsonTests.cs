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
    public void Lists_that_are_too_long_are_not_read()
    {
        var names = string.Join(',', Enumerable.Repeat("{\"node\":\"a\",\"why\":\"b\"}", ApiJson.MaxNodes + 1));
        var change = $"{{\"at\":\"2026-01-01T00:00:00.000000Z\",\"ages_ms\":[],\"states\":[],\"missing\":[{names}],\"rows\":[]}}";
        Assert.Null(ApiJson.Read<MatrixChange>(System.Text.Encoding.UTF8.GetBytes(change)));
    }
}
