namespace Meshpulse.Agent.History;

/// <summary>What a series of windows is of; compared by value.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Source">Where it begins: this node.</param>
/// <param name="Target">Where it leads to; empty for the host.</param>
/// <param name="Check">By what: <c>mesh</c>, <c>stamp</c>, <c>udp_ping</c> and so on; with what tells several such apart after a space, as in <c>tcp port=443</c>.</param>
public readonly record struct SeriesName(SeriesKind Kind, string Source, string Target, string Check)
{
    /// <summary>For people: <c>web1 -> db1 (stamp)</c>.</summary>
    public override string ToString() => Kind == SeriesKind.Host ? Source : $"{Source} -> {Target} ({Check})";
}
