using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Meshpulse.Agent.Fleet;

/// <summary>How peers are reached by HTTP: from the address by which the mesh knows us, at theirs, without proxies, cookies or redirections.</summary>
internal static class PeerHttp
{
    /// <summary>A client.</summary>
    /// <param name="options">From where, and how patiently.</param>
    /// <param name="connections">How many connections to one peer at most.</param>
    public static HttpClient ClientOf(FleetReaderOptions options, int connections) => new(new ConnectionErrors(HandlerOf(options, connections))) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>How addresses at a peer begin.</summary>
    public static string BaseOf(FleetPeer peer, FleetReaderOptions options) => $"{(options.Tls is null ? "http" : "https")}://{peer.Node.WithPort(options.Port)}";

    /// <summary>Says who asks, where that is wanted.</summary>
    public static void Introduce(HttpRequestMessage request, FleetReaderOptions options)
    {
        if (options.Token is { } token)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token.Header);
        }
    }

    private static SocketsHttpHandler HandlerOf(FleetReaderOptions options, int connections) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = connections,
        MaxResponseHeadersLength = 8,
        MaxResponseDrainSize = 0,
        ConnectTimeout = options.Patience,
        SslOptions = options.Tls?.AskingOptions() ?? new SslClientAuthenticationOptions(),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        ConnectCallback = async (context, stop) => await ConnectAsync(context.DnsEndPoint, options.From, stop),
    };

    /// <summary>From the address by which the mesh knows us: over the same paths as the heartbeats.</summary>
    private static async Task<Stream> ConnectAsync(DnsEndPoint to, IPAddress? from, CancellationToken stop)
    {
        var address = IPAddress.Parse(to.Host);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (from?.AddressFamily == address.AddressFamily)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(new IPEndPoint(address, to.Port), stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
