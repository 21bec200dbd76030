namespace Meshpulse.Agent.Hosting;

/// <summary>
/// A bounded queue between the probing thread and one reader, without a lock or an allocation.
/// <para>
/// The design asks for windows that are swapped between two buffers. With three high-resolution histograms per peer and
/// window that would be two sets of them for a thousand peers, filled by the probing thread through a cache that it shares
/// with the sends. Handing the samples themselves over costs the probing thread a store of 24 bytes, needs memory for a
/// moment's samples and not for peers, and lets the reader cut windows wherever it likes. What the reader is too slow for is
/// lost to the reader and counted; the probing thread never waits.
/// </para>
/// </summary>
internal sealed class SpscRing<T>
{
    private readonly T[] _items;
    private readonly int _mask;
    private PaddedPosition _write;
    private PaddedPosition _read;
    private long _dropped;

    /// <summary>A queue of at least <paramref name="capacity"/> items.</summary>
    public SpscRing(int capacity)
    {
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity);
        _items = new T[size];
        // Touches every page: else the writer's first round through the ring would take a page fault every 4 kB.
        _items.AsSpan().Clear();
        _mask = size - 1;
    }

    /// <summary>Items that found no room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>For the writer: adds an item, or counts it as dropped.</summary>
    public void Write(in T item) => WriteBelow(_mask, item);

    /// <summary>For the writer: the same, but leaves half of the room to <see cref="Write"/>.</summary>
    public void WriteSparingly(in T item) => WriteBelow(_mask / 2, item);

    private void WriteBelow(long limit, in T item)
    {
        var at = _write.Value;
        if (at - Volatile.Read(ref _read.Value) > limit)
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return;
        }

        _items[at & _mask] = item;
        Volatile.Write(ref _write.Value, at + 1);
    }

    /// <summary>For the reader: takes the oldest item.</summary>
    public bool TryRead(out T item)
    {
        var at = _read.Value;
        if (at == Volatile.Read(ref _write.Value))
        {
            item = default!;
            return false;
        }

        item = _items[at & _mask];
        _items[at & _mask] = default!;
        Volatile.Write(ref _read.Value, at + 1);
        return true;
    }
}
