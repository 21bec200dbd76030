using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>The reflector's port can't be had.</summary>
/// <param name="endpoint">Where it was to listen.</param>
/// <param name="cause">Why it can't.</param>
#pragma warning disable CA1032 // It is thrown in one place, with what it needs.
public sealed class ReflectorStartException(NodeEndpoint endpoint, SocketSetupException cause) : Exception(TextOf(endpoint, cause.Error), cause)
#pragma warning restore CA1032
{
    private static string TextOf(NodeEndpoint endpoint, Errno error) => error switch
    {
        Errno.EADDRINUSE => $"the reflector can't listen at {endpoint}: address already in use; does mehsh or another meshpulse check run here already?",
        Errno.EACCES => $"the reflector can't listen at {endpoint}: not permitted; ports below 1024 need CAP_NET_BIND_SERVICE",
        _ => $"the reflector can't listen at {endpoint}: {error.Text()}",
    };
}
