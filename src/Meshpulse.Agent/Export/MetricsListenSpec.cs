using System.Net;
using System.Net.Sockets;

namespace Meshpulse.Agent.Export;

/// <summary>Where the metrics port listens.</summary>
/// <param name="Host">An address of this host, or null for all interfaces.</param>
/// <param name="Port">1 to 65535; 0 lets the kernel choose one, which <see cref="MetricsServer.LocalEndPoint"/> then tells.</param>
public sealed record MetricsListenSpec(IPAddress? Host, int Port)
{
    /// <summary>The port where none is given: the one that meshmonitor uses, so that scrape jobs need no change.</summary>
    public const int DefaultPort = 12223;

    /// <summary>
    /// What to bind. All interfaces are <c>[::]</c>, which takes IPv4 as well (ipv6(7): IPV6_V6ONLY off), or <c>0.0.0.0</c> where
    /// the kernel has no IPv6.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The port is not of its range.</exception>
    public IPEndPoint Resolve(bool ipv6Supported) => new(Host ?? (ipv6Supported ? IPAddress.IPv6Any : IPAddress.Any), Port);

    /// <summary><c>port 12223 on all interfaces</c>, <c>port 12223 on 10.0.0.1</c>.</summary>
    public override string ToString() => Host is null ? $"port {Port} on all interfaces" : $"port {Port} on {Host}";

    /// <summary>A listening socket. Listening at once finds a taken port even where binding alone would not (SO_REUSEADDR).</summary>
    /// <exception cref="MetricsStartException">The port is taken, or the address is not this host's.</exception>
    internal Socket Open(int backlog)
    {
        var endPoint = Resolve(Socket.OSSupportsIPv6);
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                // Said explicitly: the default is a sysctl (net.ipv6.bindv6only). A given [::] means the same as none.
                socket.DualMode = true;
            }

            socket.Bind(endPoint);
            socket.Listen(backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new MetricsStartException(this, Reason(e), e);
        }
    }

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "address already in use",
        SocketError.AddressNotAvailable => "not an address of this host",
        SocketError.AccessDenied => "permission denied",
        SocketError.AddressFamilyNotSupported => "this host has no IPv6",
        _ => e.Message,
    };
}
