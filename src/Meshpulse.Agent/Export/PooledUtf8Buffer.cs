using System.Buffers;

namespace Meshpulse.Agent.Export;

/// <summary>
/// A growing byte buffer of rented segments. A page of a thousand peers is eight megabytes: one doubling array would be copied
/// at every step and end at twice that size. Segments are never copied; they double up to a megabyte, because the shared pool keeps
/// a few dozen of each size only, and a page of small ones would be garbage at every scrape. <see cref="Dispose"/> gives them back.
/// Not thread-safe.
/// </summary>
public sealed class PooledUtf8Buffer : IBufferWriter<byte>, IDisposable
{
    /// <summary>The most that a buffer takes, in bytes: room for several thousand peers.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    private const int FirstSegment = 64 * 1024;
    private const int LargestSegment = 1024 * 1024;

    private readonly List<byte[]> _segments = [];
    private readonly List<int> _lengths = [];
    private bool _disposed;

    /// <summary>How many bytes were written.</summary>
    public int Length { get; private set; }

    /// <summary>How many segments hold them.</summary>
    public int SegmentCount => _segments.Count;

    /// <summary>The bytes of one segment, valid until <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Segment(int index) => _segments[index].AsMemory(0, _lengths[index]);

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">The buffer would exceed <see cref="MaxLength"/>.</exception>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        var wanted = Math.Max(sizeHint, 1);
        if (_segments.Count == 0 || _segments[^1].Length - _lengths[^1] < wanted)
        {
            if (Length > MaxLength - wanted)
            {
                throw new InvalidOperationException($"The page exceeds {MaxLength} bytes.");
            }

            var next = Math.Min(FirstSegment << Math.Min(_segments.Count, 8), LargestSegment);
            _segments.Add(ArrayPool<byte>.Shared.Rent(Math.Max(wanted, next)));
            _lengths.Add(0);
        }

        return _segments[^1].AsMemory(_lengths[^1]);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc />
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0)
        {
            return;
        }

        if (_segments.Count == 0 || count > _segments[^1].Length - _lengths[^1])
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "More than was handed out.");
        }

        _lengths[^1] += count;
        Length += count;
    }

    /// <summary>All bytes in one new array.</summary>
    public byte[] ToArray()
    {
        var all = new byte[Length];
        var at = 0;
        for (var i = 0; i < SegmentCount; i++)
        {
            Segment(i).Span.CopyTo(all.AsSpan(at));
            at += _lengths[i];
        }

        return all;
    }

    /// <summary>Gives the segments back; what was handed out must no longer be used.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var segment in _segments)
        {
            ArrayPool<byte>.Shared.Return(segment);
        }

        _segments.Clear();
        _lengths.Clear();
        Length = 0;
    }
}
