using System.Collections;

namespace Meshpulse.Core.Diagnosis;

/// <summary>Some kinds of verdicts, in the order of the catalogue; a value, so that two sets of the same kinds are equal.</summary>
/// <param name="Bits">A bit for each kind, by its number.</param>
public readonly record struct VerdictKindSet(ulong Bits) : IReadOnlyCollection<VerdictKind>
{
    /// <inheritdoc />
    public int Count => System.Numerics.BitOperations.PopCount(Bits);

    /// <summary>These kinds.</summary>
    public static VerdictKindSet Of(IEnumerable<VerdictKind> kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        return new VerdictKindSet(kinds.Aggregate(0ul, (bits, kind) => bits | (1ul << (int)kind)));
    }

    /// <summary>Whether a kind is among them.</summary>
    public bool Contains(VerdictKind kind) => (Bits & (1ul << (int)kind)) != 0;

    /// <inheritdoc />
    public IEnumerator<VerdictKind> GetEnumerator()
    {
        foreach (var kind in Enum.GetValues<VerdictKind>())
        {
            if (Contains(kind))
            {
                yield return kind;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
