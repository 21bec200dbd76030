using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>An address that is called: a server of the command line, or a node that a peer named.</summary>
internal sealed class DialTarget
{
    /// <summary>The server's number, from 1; 0 for a node that was learned.</summary>
    public int Server { get; init; }

    /// <summary>The name to look up before each call; null for an address.</summary>
    public string? Host { get; init; }

    /// <summary>The port that goes with the name.</summary>
    public int Port { get; init; }

    /// <summary>Whom to call; for a host name only once it was resolved.</summary>
    public NodeEndpoint Endpoint { get; set; }

    public bool HasEndpoint { get; set; }

    public bool Resolving { get; set; }

    /// <summary>Calls in a row that failed, or ended before a heartbeat came.</summary>
    public int Failures { get; set; }

    /// <summary>Calls in a row that were answered and then closed before a heartbeat came.</summary>
    public int TurnedAway { get; set; }

    public MonoTime NextAttempt { get; set; }

    /// <summary>The call or connection that came of it.</summary>
    public MeshConnection? Connection { get; set; }

    /// <summary>It leads to ourselves and is never called again.</summary>
    public bool IsSelf { get; set; }

    /// <summary>Who named it; null for servers.</summary>
    public MeshPeer? Namer { get; set; }

    public MonoTime LastNamed { get; set; }

    /// <summary>Somebody named it since the last call began: only then a learned node is called again.</summary>
    public bool NamedAnew { get; set; }

    public MonoTime? FailureTold { get; set; }

    public bool IsServer => Server > 0;

    /// <summary>True where its calls go to this node, as far as is known.</summary>
    public bool LeadsTo(NodeEndpoint node) => !IsSelf && HasEndpoint && Endpoint == node;

    public bool WasAnnounced { get; set; }
}
