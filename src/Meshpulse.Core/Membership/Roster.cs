using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>
/// The peers that we are connected to, in the order in which they joined, for the lists in our heartbeats.
/// <para>
/// The original writes the whole list into every heartbeat: at 40 nodes 2.3 MB a second, and beyond 144 nodes the rest
/// never travels. Here each peer that joins gets the next number, and each connection remembers up to which number it was
/// told: a join costs seven bytes a connection, a new connection gets the whole list over as many heartbeats as it needs,
/// and a refresh is a return to number zero.
/// </para>
/// </summary>
public sealed class Roster
{
    private readonly List<(long Number, NodeEndpoint Node)> _entries = [];
    private long _next = 1;

    /// <summary>How many there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The number of the newest entry that was ever made.</summary>
    public long Newest => _next - 1;

    /// <summary>Adds a node that has joined.</summary>
    public void Add(NodeEndpoint node) => _entries.Add((_next++, node));

    /// <summary>Takes a node out that has left.</summary>
    public void Remove(NodeEndpoint node)
    {
        var at = _entries.FindIndex(e => e.Node == node);
        if (at >= 0)
        {
            _entries.RemoveAt(at);
        }
    }

    /// <summary>The position of the first entry with a number above <paramref name="told"/>.</summary>
    public int IndexAfter(long told)
    {
        var (low, high) = (0, _entries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _entries[middle].Number > told ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>The entry at a position.</summary>
    public (long Number, NodeEndpoint Node) this[int index] => _entries[index];
}
