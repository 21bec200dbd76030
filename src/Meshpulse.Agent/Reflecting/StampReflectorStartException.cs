using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Reflecting;

/// <summary>The reflector's port can't be had; the message is one line that says what to do.</summary>
/// <param name="endpoint">Where it was to listen.</param>
/// <param name="cause">Why it can't.</param>
#pragma warning disable CA1032 // It is thrown in one place, with what it needs.
public sealed class StampReflectorStartException(NodeEndpoint endpoint, SocketSetupException cause) : Exception(TextOf(endpoint, cause), cause)
#pragma warning restore CA1032
{
    private const int UserPort = 8_620;

    /// <summary>Why it can't, for those who say it in other words.</summary>
    public Errno Error { get; } = cause.Error;

    private static string TextOf(NodeEndpoint endpoint, SocketSetupException cause) => cause.Error switch
    {
        Errno.EADDRINUSE => $"can't listen at {endpoint}: address already in use; does another reflector run here? Take another port, as in --listen :{UserPort}",
        Errno.EACCES => $"can't listen at {endpoint}: port {endpoint.Port} is not permitted; take another, as in --listen :{UserPort}, or run with CAP_NET_BIND_SERVICE"
            + (endpoint.Port == StampWire.Port ? " (setcap cap_net_bind_service=+ep on the program's file, or AmbientCapabilities= of systemd)" : ""),
        Errno.EADDRNOTAVAIL => $"can't listen at {endpoint}: not an address of this host; see ip address",
        Errno.EAFNOSUPPORT => $"can't listen at {endpoint}: this host has no {(endpoint.IsV6 ? "IPv6" : "IPv4")}",
        _ => $"can't listen at {cause.Message}",
    };
}
