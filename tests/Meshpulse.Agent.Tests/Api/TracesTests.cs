using System.Net;
using System.Text;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Core.Time;
using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Tests.Api;

/// <summary>What analyses printed is told with the pair that they looked into.</summary>
public sealed class TracesTests
{
    // In seconds.
    private const long Begin = 1_800_000_000;

    [Fact]
    public async Task Both_ends_tell_theirs_and_a_third_node_gathers_them()
    {
        string[] names = ["127.80.1.1", "127.80.1.2", "127.80.1.3"];
        await using var first = await StartAsync(names, 0, other => other == names[1] ? [Trace(names[0], 10, "theirs\n"), Trace(names[0], 30, "last\n")] : []);
        await using var second = await StartAsync([names[1], names[0], names[2]], first.Port, other => other == names[0] ? [Trace(names[1], 20, "ours\n")] : []);
        await using var third = await StartAsync([names[2], names[0], names[1]], first.Port, _ => [Trace(names[2], 15, "of another pair")]);
        foreach (var mesh in new[] { first, second, third })
        {
            mesh.Tell();
        }

        foreach (var mesh in new[] { first, second, third })
        {
            var told = await TracesAsync(mesh, names[0], names[1]);
            Assert.Equal([(names[0], "last\n"), (names[1], "ours\n"), (names[0], "theirs\n")], told.Select(t => (t.Node, t.Text)));
            Assert.Equal(told, await TracesAsync(mesh, names[1], names[0]));
        }

        Assert.Equal(("path", "verdict path.loss", 3), ((await TracesAsync(third, names[0], names[1]))[0] is var t ? (t.Name, t.Cause, t.ExitCode) : default));
        Assert.Equal([names[2]], (await TracesAsync(first, names[0], names[2])).Select(t => t.Node));
    }

    [Theory]
    [InlineData(0, 9, false)]
    [InlineData(0, 10, true)]
    [InlineData(12, 13, true)]
    [InlineData(0, 1000, true)]
    [InlineData(15, 20, true)]
    [InlineData(16, 20, false)]
    public async Task A_span_has_those_that_went_on_in_it(int start, int end, bool isTold)
    {
        // From the 10th second to the 15th.
        await using var mesh = await StartAsync(["a", "b"], 0, _ => [Trace("a", 10)]);
        mesh.Tell();
        Assert.Equal(isTold ? 1 : 0, (await TracesAsync(mesh, "a", "b", start, end)).Count);
    }

    [Fact]
    public async Task Of_each_end_the_last_sixteen_are_told_as_far_as_there_is_room()
    {
        await using var mesh = await StartAsync(["a", "b", "c"], 0, other => other == "b"
            ? Enumerable.Range(0, 40).Select(i => Trace("a", i, $"{i}"))
            : Enumerable.Range(0, 40).Select(i => Trace("a", i, new string('x', 16_000))));
        mesh.Tell();
        Assert.Equal(Enumerable.Range(24, 16).Reverse().Select(i => $"{i}"), (await TracesAsync(mesh, "b", "a")).Select(t => t.Text));
        Assert.Equal(4, (await TracesAsync(mesh, "a", "c")).Count);
    }

    [Fact]
    public async Task A_peer_speaks_for_itself_alone_and_for_no_longer_than_others()
    {
        string[] names = ["127.80.2.1", "127.80.2.2"];
        await using var mesh = await StartAsync(names, 0, _ => [Trace(names[0], 5, "own")]);
        mesh.Tell();
        var forged = Enumerable.Range(0, 10).Select(i => Trace(names[0], 100 + i, "forged"));
        await using var hostile = await HostileAsync(names, mesh.Port, [.. forged, .. Enumerable.Range(0, 20).Select(i => Trace(names[1], 20 + i, "x"))]);
        var told = await TracesAsync(mesh, names[0], names[1]);
        Assert.Equal([.. Enumerable.Repeat((names[1], "x"), 16), (names[0], "own")], told.Select(t => (t.Node, t.Text)));
    }

    [Theory]
    [InlineData(33, 1)]
    [InlineData(1, 16_385)]
    [InlineData(1, 4_000_000)]
    [InlineData(100_000, 1)]
    public async Task A_peer_that_tells_too_many_or_too_long_ones_is_not_believed_at_all(int count, int length)
    {
        string[] names = ["127.80.3.1", "127.80.3.2"];
        await using var mesh = await StartAsync(names, 0, _ => [Trace(names[0], 5, "own")]);
        mesh.Tell();
        await using var hostile = await HostileAsync(names, mesh.Port, [Trace(names[1], 6, "MARK")], count, length);
        var path = await PathAsync(mesh, names[0], names[1]);
        Assert.Equal("own", Assert.Single(path.Traces).Text);
        Assert.NotNull(path.Views.Single(v => v.Observer == names[1]).Missing);
    }

    private static Task<TestMesh> StartAsync(string[] names, int port, Func<string, IEnumerable<TraceEntry>> traces) =>
        TestMesh.StartAsync(names, port, o => o with { Traces = traces });

    /// <summary>One that went on for five seconds.</summary>
    private static TraceEntry Trace(string node, int at, string text = "text") =>
        new(At(at), At(at + 5), node, "path", "verdict path.loss", text) { ExitCode = 3 };

    private static WallTime At(long second) => new((Begin + second) * 1_000_000_000);

    private static async Task<IReadOnlyList<TraceEntry>> TracesAsync(TestMesh mesh, string from, string to, int start = 0, int end = 600) =>
        (await PathAsync(mesh, from, to, start, end)).Traces;

    private static Task<PathDocument> PathAsync(TestMesh mesh, string from, string to, int start = 0, int end = 600) =>
        mesh.GetAsync<PathDocument>($"{MeshApi.PathPath}?from={from}&to={to}&start={(Begin + start) * 1_000}&end={(Begin + end) * 1_000}&step_ms=1000");

    /// <summary>Another at the second name's address, that answers with these traces, the marked one so often and so long.</summary>
    private static Task<MetricsServer> HostileAsync(string[] names, int port, IReadOnlyList<TraceEntry> traces, int count = 1, int length = 1)
    {
        var view = new PathView(names[1], "live");
        var plain = Encoding.UTF8.GetString(ApiJson.Write(new PathDocument(1, names[1], At(0), names[0], names[1], At(0), At(600), 1_000, [view], [], [], traces)));
        var (start, end) = (plain.IndexOf("\"traces\":[", StringComparison.Ordinal) + 10, plain.LastIndexOf(']'));
        var trace = plain[start..end].Replace("MARK", new string('x', length), StringComparison.Ordinal);
        var body = Encoding.UTF8.GetBytes(plain[..start] + string.Join(',', Enumerable.Repeat(trace, count)) + plain[end..]);
        return MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = new MetricsListenSpec(IPAddress.Parse(names[1]), port),
            WriteFamilies = TestServers.OneGauge,
            Routes = [new HttpRoute(MeshApi.PathPath, context => context.Response.Body.WriteAsync(body).AsTask(), HttpMethods.Get)],
        });
    }
}
