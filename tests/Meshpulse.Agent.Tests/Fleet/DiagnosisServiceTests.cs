using System.Collections.Concurrent;
using System.Net;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Fleet;

public sealed class DiagnosisServiceTests
{
    [Fact]
    public async Task Cuts_publishes_asks_and_leaves_in_order()
    {
        var notes = new ConcurrentQueue<string>();
        var board = new SliceBoard("127.78.1.2", TestFleet.Run);
        await using var peer = await MetricsServer.StartAsync(new MetricsServerOptions
        {
            Listen = new MetricsListenSpec(IPAddress.Parse("127.78.1.2"), 0),
            WriteFamilies = TestServers.OneGauge,
            Routes = TestFleet.Api("127.78.1.2", board).Routes,
        });
        board.Publish(TestFleet.Slice("127.78.1.2", 1));
        var number = 0L;
        await using var service = new DiagnosisService(Options(notes) with
        {
            Cut = now => TestFleet.Slice("a", Interlocked.Increment(ref number)) with { From = now.Mono, At = now },
            Peers = () => [new FleetPeer("127.78.1.2", NodeEndpoint.From(IPAddress.Parse("127.78.1.2"), 12_222))],
        });
        service.Start(new FleetReaderOptions { Port = peer.LocalEndPoint.Port });
        await Eventually.TrueAsync(() => Interlocked.Read(ref number) >= 3 && service.Reader!.Received == 1, "slices of both");
        var last = Interlocked.Read(ref number);
        var waiting = service.Board.ReadAsync(last + 1_000, TestFleet.Run, RawConnection.Hang, CancellationToken.None);
        await service.LeaveAsync();
        Assert.Contains(TestFleet.Read(await service.Board.ReadAsync(last, TestFleet.Run, TimeSpan.Zero, CancellationToken.None)).Slices, s => s.IsLeaving);
        Assert.True(TestFleet.Read(await waiting).Slices[^1].IsLeaving);
        Assert.Empty(notes);
        Assert.Equal(0, service.Failures);
        var after = Interlocked.Read(ref number);
        await service.LeaveAsync();
        Assert.Equal(after, Interlocked.Read(ref number));
    }

    [Fact]
    public async Task A_defect_is_counted_and_told_once_and_does_not_end_it()
    {
        var notes = new ConcurrentQueue<string>();
        await using var service = new DiagnosisService(Options(notes) with { Cut = _ => throw new InvalidOperationException("broken") });
        service.Start(null);
        await Eventually.TrueAsync(() => service.Failures >= 3, "three failures");
        Assert.Equal("the diagnosis failed: InvalidOperationException: broken", Assert.Single(notes));
    }

    private static DiagnosisServiceOptions Options(ConcurrentQueue<string> notes) => new()
    {
        Self = "a",
        Run = TestFleet.Run,
        Cut = _ => new NodeSlice("a", TestFleet.Run, 1),
        Peers = () => [],
        OnChange = _ => { },
        OnNote = notes.Enqueue,
        Interval = TimeSpan.FromMilliseconds(10),
    };
}
