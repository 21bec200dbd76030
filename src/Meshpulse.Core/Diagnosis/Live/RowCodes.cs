namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>One node's word on both directions to all others, in bytes.</summary>
/// <param name="Node">Who says so.</param>
/// <param name="Names">Of whom, in the order of the tables.</param>
/// <param name="IsRoundTrip">Its clock can't be compared with any: delays are those of round trips, losses those of both directions.</param>
/// <param name="Forward">From the node to each.</param>
/// <param name="Backward">From each to the node.</param>
public sealed record RowCodes(string Node, IReadOnlyList<string> Names, bool IsRoundTrip, CellTable Forward, CellTable Backward)
{
    /// <summary>The same by the order of other names.</summary>
    public RowCodes By(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (ReferenceEquals(names, Names))
        {
            return this;
        }

        if (names.SequenceEqual(Names, StringComparer.Ordinal))
        {
            return this with { Names = names };
        }

        var index = new Dictionary<string, int>(Names.Count, StringComparer.Ordinal);
        for (var i = 0; i < Names.Count; i++)
        {
            index[Names[i]] = i;
        }

        var places = new int[names.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = index.GetValueOrDefault(names[i], -1);
        }

        return this with { Names = names, Forward = Forward.Ordered(places), Backward = Backward.Ordered(places) };
    }
}
