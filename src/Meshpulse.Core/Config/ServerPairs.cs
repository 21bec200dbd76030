namespace Meshpulse.Core.Config;

/// <summary>Every server of one set with every server of another: what the two ends of a check or an analysis come to.</summary>
internal sealed record ServerPairs(ServerSet From, ServerSet To)
{
    /// <summary>True where there is no pair at all.</summary>
    public bool IsEmpty => From.Count == 0 || To.Count == 0;

    /// <summary>True where some pair belongs to both.</summary>
    public bool Meets(ServerPairs other) => From.Intersects(other.From) && To.Intersects(other.To);

    /// <summary>True where some pair of two different servers belongs to both.</summary>
    public bool MeetsApart(ServerPairs other)
    {
        var (from, to) = (From.Common(other.From), To.Common(other.To));
        return from.Count > 0 && to.Count > 0 && (from.Count > 1 || to.Count > 1 || from.First != to.First);
    }
}
