using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>
/// What is let in from outside, and the account of what is not. Everything refused is counted; it is told once per source
/// and minute, so that whoever floods us cannot flood the log.
/// </summary>
internal sealed class Admission(MeshOptions options, MeshCounters counters)
{
    private const int MaxSourcesRemembered = 256;
    private static readonly Duration s_toldEvery = Duration.FromSeconds(60);

    private readonly Dictionary<NodeEndpoint, int> _pendingByAddress = [];
    private readonly Dictionary<(NodeEndpoint Source, RefusalReason Reason), (MonoTime Told, long Since)> _told = [];
    private int _pending;

    /// <summary>Asks for a place for a connection that has not said hello.</summary>
    public RefusalReason TryEnter(NodeEndpoint remote, int connections)
    {
        var address = remote.WithPort(0);
        var ofAddress = _pendingByAddress.GetValueOrDefault(address);
        if (!IsAllowed(remote))
        {
            return RefusalReason.NotAllowed;
        }

        if (connections >= options.MaxConnections)
        {
            return RefusalReason.TooManyConnections;
        }

        if (_pending >= options.MaxPending || ofAddress >= options.MaxPendingPerAddress)
        {
            return RefusalReason.TooManyPending;
        }

        _pending++;
        _pendingByAddress[address] = ofAddress + 1;
        return RefusalReason.None;
    }

    /// <summary>Gives the place back: the hello came, or the connection ended without one.</summary>
    public void Leave(NodeEndpoint remote)
    {
        var address = remote.WithPort(0);
        _pending--;
        var left = _pendingByAddress.GetValueOrDefault(address) - 1;
        _pendingByAddress[address] = left;
        if (left <= 0)
        {
            _pendingByAddress.Remove(address);
        }
    }

    /// <summary>True where the allow-list does not forbid the address.</summary>
    public bool IsAllowed(NodeEndpoint node)
    {
        if (options.Allow.Count == 0)
        {
            return true;
        }

        foreach (var network in options.Allow)
        {
            if (network.Contains(node))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What an address can't be that claims to be a node.</summary>
    public static bool CanBeNode(NodeEndpoint node) =>
        node.Port != 0 && !node.IsUnspecified && !node.IsMulticast && !node.IsLinkLocalV6;

    /// <summary>True where a peer may have us call the address: a stranger's list can't point us at our own host.</summary>
    public bool MayBeCalled(NodeEndpoint node) => CanBeNode(node) && (!node.IsLoopback || options.Self.IsLoopback);

    /// <summary>Counts a refusal.</summary>
    /// <returns>True where it is to be told; then with the number that was not told since the last.</returns>
    public bool Refuse(NodeEndpoint source, RefusalReason reason, MonoTime now, out long suppressed)
    {
        counters.RefusedBy[(int)reason]++;
        suppressed = 0;
        var key = (source.WithPort(0), reason);
        if (_told.TryGetValue(key, out var entry))
        {
            if (now - entry.Told < s_toldEvery)
            {
                _told[key] = entry with { Since = entry.Since + 1 };
                return false;
            }

            suppressed = entry.Since;
        }
        else if (_told.Count >= MaxSourcesRemembered)
        {
            return false;
        }

        _told[key] = (now, 0);
        return true;
    }

    /// <summary>Forgets the sources that were quiet for a minute.</summary>
    public void Sweep(MonoTime now)
    {
        foreach (var (key, entry) in _told)
        {
            if (now - entry.Told >= s_toldEvery * (entry.Since == 0 ? 1 : 2))
            {
                _told.Remove(key);
            }
        }
    }
}
