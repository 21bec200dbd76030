using System.Numerics;

namespace Meshpulse.Core.Vitals;

/// <summary>Numbers of CPUs, as in <c>Cpus_allowed_list</c> of proc(5) and in /sys/devices/system/cpu/online: <c>0-3,8,10-11</c>. An immutable value.</summary>
public sealed class CpuSet : IEquatable<CpuSet>
{
    /// <summary>One more than the greatest number that is read; the kernel's own limit is 8,192.</summary>
    public const int Limit = 8_192;

    private readonly ulong[] _bits;

    private CpuSet(ulong[] bits)
    {
        _bits = bits;
        foreach (var word in bits)
        {
            Count += BitOperations.PopCount(word);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The least number; -1 where there is none.</summary>
    public int First
    {
        get
        {
            var at = Array.FindIndex(_bits, word => word != 0);
            return at < 0 ? -1 : (at * 64) + BitOperations.TrailingZeroCount(_bits[at]);
        }
    }

    /// <summary>Reads a list; surrounding blanks do not matter.</summary>
    /// <param name="text">The list.</param>
    /// <param name="set">Null where it is none.</param>
    /// <returns>False for an empty list, a range the wrong way round, a number from <see cref="Limit"/> on, and anything else that is no list.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out CpuSet? set)
    {
        set = null;
        text = text.Trim(" \t\n"u8);
        var bits = new ulong[Limit / 64];
        while (true)
        {
            var comma = text.IndexOf((byte)',');
            if (!TryRange(comma < 0 ? text : text[..comma], bits))
            {
                return false;
            }

            if (comma < 0)
            {
                set = new CpuSet(bits);
                return true;
            }

            text = text[(comma + 1)..];
        }
    }

    /// <summary>Whether a CPU is in it.</summary>
    public bool Contains(int cpu) => cpu is >= 0 and < Limit && (_bits[cpu / 64] & (1UL << (cpu % 64))) != 0;

    /// <inheritdoc />
    public bool Equals(CpuSet? other) => other is not null && _bits.AsSpan().SequenceEqual(other._bits);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as CpuSet);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Count, First);

    private static bool TryRange(ReadOnlySpan<byte> range, ulong[] bits)
    {
        var dash = range.IndexOf((byte)'-');
        if (!ProcText.TryNumber(dash < 0 ? range : range[..dash], out var from))
        {
            return false;
        }

        var to = from;
        if ((dash >= 0 && !ProcText.TryNumber(range[(dash + 1)..], out to)) || to < from || to >= Limit)
        {
            return false;
        }

        for (var cpu = (int)from; cpu <= to; cpu++)
        {
            bits[cpu / 64] |= 1UL << (cpu % 64);
        }

        return true;
    }
}
