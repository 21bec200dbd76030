namespace Meshpulse.Lab.Switching;

/// <summary>What a wire did with the UDP datagrams of one flow, or of several together. arrived = forwarded + dropped + those that wait.</summary>
/// <param name="Arrived">Came from the sending host.</param>
/// <param name="Forwarded">Given to the receiving host; not counting copies.</param>
/// <param name="Dropped">Vanished: by a fault, for want of room, or because the receiving interface was down.</param>
/// <param name="Duplicated">Copies given to the receiving host beyond the first.</param>
/// <param name="Reordered">Forwarded behind one that came later (RFC 4737, section 3.3); of copies the first counts.</param>
internal readonly record struct FlowCount(long Arrived, long Forwarded, long Dropped, long Duplicated, long Reordered)
{
    /// <summary>Both together.</summary>
    public static FlowCount operator +(FlowCount a, FlowCount b) => new(
        a.Arrived + b.Arrived,
        a.Forwarded + b.Forwarded,
        a.Dropped + b.Dropped,
        a.Duplicated + b.Duplicated,
        a.Reordered + b.Reordered);
}
