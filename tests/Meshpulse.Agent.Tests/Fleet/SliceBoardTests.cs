using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Fleet;

public sealed class SliceBoardTests
{
    private MonoTime _now;

    private SliceBoard Board => field ??= new SliceBoard("a", TestFleet.Run, () => _now);

    [Fact]
    public async Task Gives_what_is_newer_of_this_run_and_all_of_another()
    {
        for (var number = 1; number <= 5; number++)
        {
            Board.Publish(TestFleet.Slice("a", number));
        }

        Assert.Equal([4, 5], await NumbersAsync(3, TestFleet.Run));
        Assert.Equal([1, 2, 3, 4, 5], await NumbersAsync(3, TestFleet.Run + 1));
        Assert.Equal([1, 2, 3, 4, 5], await NumbersAsync(3, null));
        Assert.Empty(await NumbersAsync(5, TestFleet.Run));
    }

    [Fact]
    public async Task Who_has_all_waits_for_the_next_and_not_longer()
    {
        Board.Publish(TestFleet.Slice("a", 1));
        var waiting = Board.ReadAsync(1, TestFleet.Run, RawConnection.Hang, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        Board.Publish(TestFleet.Slice("a", 2));
        Assert.Equal([2], TestFleet.Read(await waiting).Slices.Select(s => s.Number));
        Assert.Empty(TestFleet.Read(await Board.ReadAsync(2, TestFleet.Run, TimeSpan.FromMilliseconds(1), CancellationToken.None)).Slices);
    }

    [Fact]
    public async Task Who_waits_is_told_that_the_node_leaves_and_afterwards_nobody_waits()
    {
        Board.Publish(TestFleet.Slice("a", 1));
        var waiting = Enumerable.Range(0, 20).Select(_ => Board.ReadAsync(1, TestFleet.Run, RawConnection.Hang, CancellationToken.None)).ToList();
        Board.Publish(TestFleet.Slice("a", 2, leaving: true));
        Assert.All(await Task.WhenAll(waiting), body => Assert.True(Assert.Single(TestFleet.Read(body).Slices).IsLeaving));
        Assert.True(Assert.Single(TestFleet.Read(await Board.ReadAsync(2, TestFleet.Run, RawConnection.Hang, CancellationToken.None)).Slices).IsLeaving);
    }

    [Fact]
    public async Task Keeps_thirty_seconds()
    {
        for (var number = 1; number <= 200; number++)
        {
            _now += Duration.FromMilliseconds(250);
            Board.Publish(TestFleet.Slice("a", number));
        }

        var numbers = await NumbersAsync(0, null);
        Assert.Equal((80, 200, 121), (numbers[0], numbers[^1], numbers.Count));
    }

    [Fact]
    public async Task Who_wants_few_gets_the_newest()
    {
        for (var number = 1; number <= 20; number++)
        {
            Board.Publish(TestFleet.Slice("a", number));
        }

        Assert.Equal([18, 19, 20], await NumbersAsync(0, null, most: 3));
        Assert.Equal([20], await NumbersAsync(19, TestFleet.Run, most: 3));
        Assert.Equal(20, (await NumbersAsync(0, null)).Count);
        Assert.Equal([19, 20], await NumbersAsync(5, TestFleet.Run, most: 2));
    }

    [Fact]
    public async Task An_answer_is_bounded_and_has_the_newest()
    {
        for (var number = 1; number <= 40; number++)
        {
            Board.Publish(Large(number, peers: 1_000, flows: 8));
        }

        var body = await Board.ReadAsync(0, null, TimeSpan.Zero, CancellationToken.None);
        Assert.InRange(body.Length, SliceBatch.MaxBytes / 2, SliceBatch.MaxBytes);
        var slices = TestFleet.Read(body).Slices;
        Assert.Equal(40, slices[^1].Number);
        Assert.InRange(slices.Count, 2, 39);
    }

    [Fact]
    public async Task A_slice_that_is_too_large_keeps_the_peers_with_most_to_tell()
    {
        var slice = Large(1, NodeSlice.MaxPeers, flows: 64);
        Assert.True(FleetJson.Write(slice).Length > SliceBoard.MaxSliceBytes);
        Board.Publish(slice);
        var body = await Board.ReadAsync(0, null, TimeSpan.Zero, CancellationToken.None);
        Assert.InRange(body.Length, SliceBoard.MaxSliceBytes / 2, SliceBoard.MaxSliceBytes + 1_000);
        Assert.Contains(TestFleet.Read(body).Slices[0].Peers, p => p.Peer == "peer1999");
    }

    private static NodeSlice Large(long number, int peers, int flows) => TestFleet.Slice("a", number) with
    {
        Peers = [.. Enumerable.Range(0, peers).Select(i => new PeerSlice($"peer{i}")
        {
            IsConnected = true,
            Path = new PathSlice
            {
                Counts = new PathCounts(10, 0, 9, 0, i == peers - 1 ? 1 : 0, 0, 0, 0, 0, 0, 0, 0),
                Flows = [.. Enumerable.Range(0, flows).Select(f => new FlowSlice(40_000 + f, 123, 122, 1, 0, 0))],
            },
        })],
    };

    private async Task<List<long>> NumbersAsync(long after, ulong? run, int most = SliceBatch.MaxSlices) =>
        [.. TestFleet.Read(await Board.ReadAsync(after, run, most, TimeSpan.Zero, CancellationToken.None)).Slices.Select(s => s.Number)];
}
