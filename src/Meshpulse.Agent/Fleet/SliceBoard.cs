using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Fleet;

/// <summary>
/// Our own slices of the last thirty seconds, for whoever asks. Each is written once, however many ask; who has the newest waits for the next.
/// Safe from any thread.
/// </summary>
/// <param name="node">How we are called.</param>
/// <param name="run">This run of the agent.</param>
/// <param name="clock">The monotonic clock; null for the system's.</param>
public sealed class SliceBoard(string node, ulong run, Func<MonoTime>? clock = null)
{
    /// <summary>The most bytes of one slice. A larger one is told without the peers that have least to say.</summary>
    public const int MaxSliceBytes = SliceBatch.MaxBytes / 2;

    private const long MaxKeptBytes = 16 * 1024 * 1024;

    private static readonly Duration s_kept = Duration.FromSeconds(30);

    private readonly Func<MonoTime> _clock = clock ?? SystemClocks.Mono;
    private readonly byte[] _head = HeadOf(node, run);
    private readonly Lock _lock = new();
    private readonly LinkedList<Kept> _slices = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (long First, byte[] Body)? _newest;
    private long _bytes;
    private bool _isLeaving;

    /// <summary>This run of the agent.</summary>
    public ulong Run => run;

    /// <summary>Takes a slice, newer than those before, and answers who waits. One that is leaving is the last: from then on nobody waits.</summary>
    public void Publish(NodeSlice slice)
    {
        ArgumentNullException.ThrowIfNull(slice);
        var json = Fit(slice);
        TaskCompletionSource waiting;
        lock (_lock)
        {
            var now = _clock();
            _slices.AddLast(new Kept(slice.Number, now, json));
            _bytes += json.Length;
            while (_slices.First is { } oldest && _slices.Count > 1
                && (now - oldest.Value.At > s_kept || _bytes > MaxKeptBytes || _slices.Count > SliceBatch.MaxSlices))
            {
                _bytes -= oldest.Value.Json.Length;
                _slices.RemoveFirst();
            }

            _newest = null;
            _isLeaving |= slice.IsLeaving;
            waiting = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.SetResult();
    }

    /// <summary>A batch of what is newer than a slice, as UTF-8; at once where there is any, else when there is, or empty after a while.</summary>
    /// <param name="after">The number of the newest slice that the asker has; 0 for none.</param>
    /// <param name="ofRun">Of which run that is; null or another one for all that are kept.</param>
    /// <param name="most">How many at most: the newest.</param>
    /// <param name="wait">How long to wait at most.</param>
    /// <param name="gone">The asker is gone.</param>
    public async Task<byte[]> ReadAsync(long after, ulong? ofRun, int most, TimeSpan wait, CancellationToken gone)
    {
        after = ofRun == run ? after : 0;
        var (body, next) = Newer(after, most);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(gone);
        limit.CancelAfter(wait);
        while (body is null && !limit.IsCancellationRequested)
        {
            await next.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            (body, next) = Newer(after, most);
        }

        gone.ThrowIfCancellationRequested();
        return body ?? [.. _head, .. "]}"u8];
    }

    /// <summary>The same of all that are kept, as many as fit into an answer.</summary>
    public Task<byte[]> ReadAsync(long after, ulong? ofRun, TimeSpan wait, CancellationToken gone) => ReadAsync(after, ofRun, SliceBatch.MaxSlices, wait, gone);

    private (byte[]? Body, Task Next) Newer(long after, int most)
    {
        lock (_lock)
        {
            var length = _head.Length + 2;
            var first = _slices.Last;
            if (first is null || (first.Value.Number <= after && !_isLeaving))
            {
                return (null, _next.Task);
            }

            // The newest ones that fit; the very newest does.
            length += first.Value.Json.Length + 1;
            for (var count = 1; count < most && first.Previous is { } older && older.Value.Number > after && length + older.Value.Json.Length + 1 <= SliceBatch.MaxBytes; count++)
            {
                first = older;
                length += first.Value.Json.Length + 1;
            }

            // All who wait for the next slice are told the same.
            if (_newest is not { } newest || newest.First != first.Value.Number)
            {
                _newest = newest = (first.Value.Number, Join(first, length - 1));
            }

            return (newest.Body, _next.Task);
        }
    }

    private byte[] Join(LinkedListNode<Kept> first, int length)
    {
        var body = new byte[length];
        _head.CopyTo(body, 0);
        var at = _head.Length;
        for (var slice = first; slice is not null; slice = slice.Next)
        {
            slice.Value.Json.CopyTo(body, at);
            at += slice.Value.Json.Length;
            if (slice.Next is not null)
            {
                body[at++] = (byte)',';
            }
        }

        "]}"u8.CopyTo(body.AsSpan(at));
        return body;
    }

    private static byte[] Fit(NodeSlice slice)
    {
        var json = FleetJson.Write(slice);
        for (var count = slice.Peers.Count; json.Length > MaxSliceBytes && count > 0;)
        {
            // With some room, as those that stay have more to say than the others.
            count = (int)(count * 0.8 * MaxSliceBytes / json.Length);
            json = FleetJson.Write(slice with { Peers = [.. slice.Peers.OrderByDescending(SliceInterest.Of).Take(count)] });
        }

        return json;
    }

    private static byte[] HeadOf(string node, ulong run)
    {
        var empty = FleetJson.Write(new SliceBatch(SliceBatch.CurrentVersion, node, run, []));
        return empty[..^"]}"u8.Length];
    }

    private readonly record struct Kept(long Number, MonoTime At, byte[] Json);
}
