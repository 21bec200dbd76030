using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>
/// The peers by identity: those that are connected, and for ten minutes those that were, so that their numbers stay. Who
/// connects under ever new names is not remembered so long: never more than three times as many as may be connected.
/// </summary>
internal sealed class PeerTable(MeshOptions options)
{
    private static readonly Duration s_memory = Duration.FromSeconds(600);

    private readonly Dictionary<NodeEndpoint, MeshPeer> _peers = [];
    private readonly int _most = 3 * options.MaxPeers;
    private int _connected;
    private int _lastId;

    public IEnumerable<MeshPeer> Joined => _peers.Values.Where(p => p.HasJoined);

    public MeshPeer? Find(NodeEndpoint identity) => _peers.GetValueOrDefault(identity);

    public bool IsConnected(NodeEndpoint identity) => _peers.TryGetValue(identity, out var peer) && peer.Current is not null;

    /// <summary>True where a connection to this node would be that of one peer too many.</summary>
    public bool IsFullFor(NodeEndpoint identity) => _connected >= options.MaxPeers && !IsConnected(identity);

    public MeshPeer GetOrAdd(NodeEndpoint identity)
    {
        if (!_peers.TryGetValue(identity, out var peer))
        {
            if (_peers.Count >= _most)
            {
                ForgetDeparted();
            }

            peer = new MeshPeer(++_lastId, identity, options);
            _peers.Add(identity, peer);
        }

        return peer;
    }

    public void SetConnected(bool connected) => _connected += connected ? 1 : -1;

    /// <summary>Forgets those that were never there, those that left long ago, and sooner where strangers made us remember more than twice as many as may be connected.</summary>
    public void Sweep(MonoTime now)
    {
        var memory = _peers.Count > options.MaxPeers * 2 ? Duration.FromSeconds(10) : s_memory;
        foreach (var (identity, peer) in _peers)
        {
            if (peer.Current is null && peer.Budget.Learned == 0 && (now - peer.LeftAt > memory || !peer.HasEverJoined))
            {
                _peers.Remove(identity);
            }
        }
    }

    /// <summary>All at once, so that the walk over all is paid by as many newcomers as it made room for.</summary>
    private void ForgetDeparted()
    {
        foreach (var (identity, peer) in _peers)
        {
            if (peer.Current is null)
            {
                _peers.Remove(identity);
            }
        }
    }
}
