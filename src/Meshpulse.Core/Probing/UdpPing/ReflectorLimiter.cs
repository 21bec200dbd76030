using System.Buffers.Binary;
using System.Numerics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Core.Probing.UdpPing;

/// <summary>
/// Keeps a reflector's answers within <see cref="ReflectorLimits"/>: for each source and altogether.
/// <para>
/// The problem: the sources of a flood are as many as the flooder likes to forge, so a table that grows with them, or that
/// refuses the new when it is full, is itself the weak point. What we do: a table of fixed size in sets of four; where a set
/// is full the entry with the most allowance left makes room, mostly a source that has been silent for so long that
/// forgetting it changes nothing. What one source may have is looked at before the total, so that it cannot use up
/// everyone's; and only an answer that both allow counts for either.
/// </para>
/// <para>One call is some tens of nanoseconds and allocates nothing. One thread.</para>
/// </summary>
public sealed class ReflectorLimiter
{
    private const int Ways = 4;

    private readonly RateGate _source;
    private readonly RateGate _total;
    private readonly Entry[] _entries;
    private readonly ulong _seed;
    private readonly int _setMask;
    private MonoTime _totalWhole = new(long.MinValue);

    /// <summary>One that has answered nobody yet.</summary>
    /// <param name="limits">What to keep to.</param>
    /// <param name="seed">Unknown to outsiders, who could otherwise choose sources that share one set of the table.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public ReflectorLimiter(ReflectorLimits limits, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (limits.Sources is < 1 or > 1 << 20)
        {
            throw new ArgumentOutOfRangeException(nameof(limits), limits.Sources, "The table has room for 1 to 1,048,576 sources.");
        }

        _source = new RateGate(limits.SourceRate, limits.SourceBurst);
        _total = new RateGate(limits.TotalRate, limits.TotalBurst);
        _entries = new Entry[Math.Max(Ways, (int)BitOperations.RoundUpToPowerOf2((uint)limits.Sources))];
        _setMask = (_entries.Length / Ways) - 1;
        _seed = seed;
    }

    /// <summary>How many sources were forgotten that had not their whole allowance back; a sign of a flood.</summary>
    public long Evictions { get; private set; }

    /// <summary>Asks for one answer to a source, which counts as given where it is allowed.</summary>
    /// <param name="now">Never before the last one.</param>
    /// <param name="source">Its port does not matter.</param>
    /// <returns>Answer, SourceLimit or TotalLimit.</returns>
    public UdpPingDecision Take(MonoTime now, NodeEndpoint source)
    {
        var (high, low) = KeyOf(source);
        var set = _entries.AsSpan(SetOf(high, low) * Ways, Ways);
        ref var entry = ref Find(set, high, low, out var known);
        var whole = known ? entry.Whole : now;
        if (!_source.IsOpen(whole, now))
        {
            return UdpPingDecision.SourceLimit;
        }

        if (!_total.IsOpen(_totalWhole, now))
        {
            return UdpPingDecision.TotalLimit;
        }

        if (!known && entry.Low != 0 && entry.Whole > now)
        {
            Evictions++;
        }

        _totalWhole = _total.Pass(_totalWhole, now);
        entry = new Entry(high, low, _source.Pass(whole, now));
        return UdpPingDecision.Answer;
    }

    /// <summary>The source's entry, or the one that would make room: an empty one, else that with the most allowance left.</summary>
    private static ref Entry Find(Span<Entry> set, ulong high, ulong low, out bool known)
    {
        var spare = 0;
        for (var i = 0; i < set.Length; i++)
        {
            if (set[i].Low == low && set[i].High == high)
            {
                known = true;
                return ref set[i];
            }

            if (set[spare].Low != 0 && (set[i].Low == 0 || set[i].Whole < set[spare].Whole))
            {
                spare = i;
            }
        }

        known = false;
        return ref set[spare];
    }

    /// <summary>The lower half is never 0, which marks an empty entry, and tells the families apart.</summary>
    private static (ulong High, ulong Low) KeyOf(NodeEndpoint source)
    {
        Span<byte> address = stackalloc byte[16];
        _ = source.WriteAddress(address);
        return source.IsV6
            ? (BinaryPrimitives.ReadUInt64BigEndian(address), 6UL << 32)
            : (0, (4UL << 32) | BinaryPrimitives.ReadUInt32BigEndian(address));
    }

    /// <summary>Mixed like SplitMix64's output, from a start that only we know.</summary>
    private int SetOf(ulong high, ulong low)
    {
        var z = Mix(_seed ^ high);
        z = Mix(z ^ low);
        return (int)(z >> 33) & _setMask;
    }

    private static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    private readonly record struct Entry(ulong High, ulong Low, MonoTime Whole);
}
