using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>The connections by number. Numbers are small and used again, so that the transport can keep an array of sockets.</summary>
internal sealed class ConnectionTable
{
    private readonly List<MeshConnection?> _slots = [];
    private readonly Stack<int> _free = [];

    public int Count => _slots.Count - _free.Count;

    public MeshConnection? this[int id] => (uint)id < (uint)_slots.Count ? _slots[id] : null;

    public MeshConnection Add(bool outbound, NodeEndpoint remote, MonoTime now)
    {
        if (!_free.TryPop(out var id))
        {
            id = _slots.Count;
            _slots.Add(null);
        }

        return _slots[id] = new MeshConnection(id, outbound, remote, now);
    }

    public void Remove(MeshConnection connection)
    {
        _slots[connection.Id] = null;
        _free.Push(connection.Id);
    }

    /// <summary>The connections that are open. Whoever walks may close any of them; those that are added on the way may be met or not.</summary>
    public OpenConnections Open() => new(_slots);

    /// <summary>Walks the open connections without an allocation: the sweep does so twenty times a second.</summary>
    internal struct OpenConnections(List<MeshConnection?> slots)
    {
        private int _next;

        public MeshConnection Current { get; private set; } = null!;

        public readonly OpenConnections GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_next < slots.Count)
            {
                if (slots[_next++] is { } connection)
                {
                    Current = connection;
                    return true;
                }
            }

            return false;
        }
    }
}
