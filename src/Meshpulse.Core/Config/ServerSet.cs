using System.Numerics;

namespace Meshpulse.Core.Config;

/// <summary>Some of the file's servers by their number, as bits: whether two checks share a pair is asked for every two checks.</summary>
internal sealed class ServerSet(int capacity)
{
    private readonly ulong[] _bits = new ulong[(capacity + 63) / 64];

    /// <summary>How many are in it.</summary>
    public int Count { get; private set; }

    /// <summary>The numbers in it, from the lowest.</summary>
    public IEnumerable<int> Members
    {
        get
        {
            for (var word = 0; word < _bits.Length; word++)
            {
                for (var rest = _bits[word]; rest != 0; rest &= rest - 1)
                    yield return (word * 64) + BitOperations.TrailingZeroCount(rest);
            }
        }
    }

    /// <summary>Puts a number in, from 0 to below the capacity.</summary>
    public void Add(int server)
    {
        var bit = 1UL << (server % 64);
        Count += (_bits[server / 64] & bit) == 0 ? 1 : 0;
        _bits[server / 64] |= bit;
    }

    /// <summary>True where both have a member in common.</summary>
    public bool Intersects(ServerSet other)
    {
        for (var word = 0; word < _bits.Length; word++)
        {
            if ((_bits[word] & other._bits[word]) != 0)
                return true;
        }

        return false;
    }

    /// <summary>How many members both have, and the first of them, or -1.</summary>
    public (int Count, int First) Common(ServerSet other)
    {
        var (count, first) = (0, -1);
        for (var word = 0; word < _bits.Length; word++)
        {
            var both = _bits[word] & other._bits[word];
            if (first < 0 && both != 0)
                first = (word * 64) + BitOperations.TrailingZeroCount(both);
            count += BitOperations.PopCount(both);
        }

        return (count, first);
    }
}
