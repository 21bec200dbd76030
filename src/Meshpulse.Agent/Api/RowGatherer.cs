using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet;
using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api;

/// <summary>
/// Asks the peers of a large mesh for their rows of the matrix, as long as somebody looks at it. A thousand rows are ten megabytes: asking takes longer the
/// more there are, one after the other with a pause between, and nobody is asked when nobody looks. In a small mesh, where slices
/// tell all, it asks now and then for what those don't tell.
/// </summary>
internal sealed class RowGatherer : IAsyncDisposable
{
    private const int MaxRowBytes = 256 * 1024;
    private const int MaxAtOnce = 16;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_seldom = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromMilliseconds(500);

    private readonly LiveMesh _mesh;
    private readonly PeerClient _client;
    private readonly Func<IReadOnlyCollection<FleetPeer>> _peers;
    private readonly Func<MonoTime> _clock;
    private readonly SemaphoreSlim _room = new(MaxAtOnce);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    /// <summary>Begins to look whether somebody looks.</summary>
    /// <param name="mesh">Is given the rows.</param>
    /// <param name="client">Asks.</param>
    /// <param name="peers">Who can be asked.</param>
    /// <param name="clock">The monotonic clock.</param>
    public RowGatherer(LiveMesh mesh, PeerClient client, Func<IReadOnlyCollection<FleetPeer>> peers, Func<MonoTime> clock)
    {
        (_mesh, _client, _peers, _clock) = (mesh, client, peers, clock);
        _work = Task.Run(RunAsync);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_work, Task.Delay(s_stopPatience));
    }

    private async Task RunAsync()
    {
        try
        {
            var isNew = true;
            while (true)
            {
                if (!_mesh.IsWatched)
                {
                    isNew = true;
                    await Task.Delay(s_look, _stop.Token);
                    continue;
                }

                var began = TimeProvider.System.GetTimestamp();
                var peers = _peers();
                var period = _mesh.IsWhole ? s_seldom : LiveMesh.RoundOf(peers.Count + 1);
                // Who begins to look should not wait for a whole round.
                await GatherAsync(peers, isNew || peers.Count == 0 ? TimeSpan.Zero : period * 0.8 / peers.Count);
                isNew = false;
                var end = Until(began, period);
                while (end > TimeSpan.Zero && _mesh.IsWatched)
                {
                    await Task.Delay(end < s_look ? end : s_look, _stop.Token);
                    end = Until(began, period);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    /// <summary>The row of a moment in the past, which always comes with its names; null where it is none.</summary>
    public static RowCodes? CodesOf(string peer, byte[] body)
    {
        if (ApiJson.Read<RowDocument>(body) is not { Version: 1, Names: { } names } told || told.Node != peer)
        {
            return null;
        }

        return told.Forward?.ToTable(names.Count) is { } forward && told.Backward?.ToTable(names.Count) is { } backward
            ? new RowCodes(peer, names, told.Kind == MatrixRowEntry.RoundTrip, forward, backward)
            : null;
    }

    private static TimeSpan Until(long began, TimeSpan period) => period - TimeProvider.System.GetElapsedTime(began);

    private async Task GatherAsync(IReadOnlyCollection<FleetPeer> peers, TimeSpan pace)
    {
        var asked = new List<Task>(peers.Count);
        foreach (var peer in peers)
        {
            await _room.WaitAsync(_stop.Token);
            asked.Add(AskAsync(peer));
            if (pace > TimeSpan.Zero)
            {
                await Task.Delay(pace, _stop.Token);
            }
        }

        await Task.WhenAll(asked);
    }

    private async Task AskAsync(FleetPeer peer)
    {
        try
        {
            var (names, hash) = _mesh.Hashed();
            var answer = await _client.GetAsync(peer, $"{MeshApi.RowPath}?names={hash}", _stop.Token, MaxRowBytes);
            var row = answer.Body is { } body ? Read(peer.Name, body, names, hash) : null;
            _mesh.Take(peer.Name, row, row is null ? "it " + (answer.Failure ?? "tells something that is no row") : null);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>A row that can be one, of whom we asked.</summary>
    private GatheredRow? Read(string peer, byte[] body, IReadOnlyList<string> names, string hash)
    {
        if (ApiJson.Read<RowDocument>(body) is not { Version: 1 } told || told.Node != peer || (told.Names is null && told.Hash != hash))
        {
            return null;
        }

        var order = told.Names ?? names;
        return told.Forward?.ToTable(order.Count) is { } forward && told.Backward?.ToTable(order.Count) is { } backward
            ? new GatheredRow(new RowCodes(peer, order, told.Kind == MatrixRowEntry.RoundTrip, forward, backward).By(names), told with { Names = null }, _clock())
            : null;
    }
}
