using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Fleet;

/// <summary>
/// How nodes are called in slices and verdicts. All nodes must agree on it without asking each other, so it goes by the identity alone: the address, as the
/// mesh's table prints it, and the port where that is not the usual one.
/// </summary>
public static class NodeNames
{
    /// <summary>The port of the mesh where none is given.</summary>
    public const int UsualPort = 12_222;

    /// <summary>The name of a node.</summary>
    public static string Of(NodeEndpoint node) => node.Port == UsualPort ? node.AddressText : node.ToString();
}
