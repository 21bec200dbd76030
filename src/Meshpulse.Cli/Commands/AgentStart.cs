using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Api;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Core.Membership;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Cli.Commands;

/// <summary>From the words of a command line to what an agent is started with.</summary>
internal static class AgentStart
{
    private static readonly TimeSpan s_resolvePatience = TimeSpan.FromSeconds(5);

    /// <summary>The node's identity.</summary>
    /// <exception cref="StartException">The name can't be resolved, or only to what others can't reach.</exception>
    public static async Task<NodeEndpoint> IdentityOfAsync(HostPort bind)
    {
        var self = await ResolveAsync($"-b {bind.Host}", bind.Host, bind.Port);
        return self is { IsUnspecified: false, IsMulticast: false, IsLinkLocalV6: false }
            ? self
            : throw new StartException($"-b {bind}: resolves to {self.AddressText}, at which other nodes can't reach this one; give an address of this host");
    }

    /// <summary>Where the metrics are served; null for nowhere.</summary>
    /// <exception cref="StartException">The name can't be resolved.</exception>
    public static async Task<MetricsListenSpec?> MetricsOfAsync(MetricsBind? metrics) => metrics is { } bind
        ? new MetricsListenSpec(bind.Host is { } host ? (await ResolveAsync($"-m {host}", host, bind.Port)).ToIPAddress() : null, bind.Port)
        : null;

    /// <summary>What the arguments say of the mesh. Opens the log file.</summary>
    /// <exception cref="UsageException">The file of a key, a token or a certificate can't be used.</exception>
    /// <exception cref="StartException">The log file can't be written.</exception>
    public static AgentOptions OptionsOf(MeshArguments arguments, NodeEndpoint self, IAgentListener listener) => new()
    {
        Mesh = new MeshOptions
        {
            Self = self,
            PingInterval = arguments.Ping,
            ReportInterval = arguments.Interval,
            GapThreshold = arguments.Threshold,
            SilenceLimit = arguments.Silence,
            Allow = arguments.Allow,
            MaxPeers = arguments.MaxPeers,
        },
        MeshListener = listener,
        Servers = [.. arguments.Servers.Select(s => s.ToEndpoint() is { } address ? ((string?)null, address) : (s.Host, default(NodeEndpoint).WithPort(s.Port)))],
        Share = arguments.Share,
        ShareKeys = arguments.ShareKeyFile is { } keys ? KeysOf(keys) : null,
        Log = arguments.LogFile is { } log ? LogOf(log) : null,
        ApiToken = arguments.ApiTokenFile is { } token ? TokenOf(token) : null,
        Tls = arguments is { TlsCertFile: { } cert, TlsKeyFile: { } key } ? TlsOf(cert, key, arguments.TlsCaFile) : null,
        History = HistoryOf(arguments.History, arguments.NoHistory, arguments.HistorySize, NodeNames.Of(self)),
        SeriesRetention = arguments.Retention,
        Stamp = arguments.Stamp,
        FullMetrics = arguments.FullMetrics,
        Realtime = arguments.Realtime,
        Version = CommandRunner.Version,
    };

    /// <summary>
    /// Where the history is kept; null for nowhere. Without a word of the user's only where a service manager has given us a folder for such things:
    /// a program that is tried out by hand fills nobody's disk.
    /// </summary>
    /// <param name="place">A folder or file; null where none was given.</param>
    /// <param name="isOff">None is wanted.</param>
    /// <param name="size">The most bytes; null where none was given.</param>
    /// <param name="node">How this node is called.</param>
    public static HistoryOptions? HistoryOf(string? place, bool isOff, long? size, string node) =>
        !isOff && (place ?? (HistoryPlace.StateDirectory is { } folder ? folder + "/" : null)) is { } where
            ? new HistoryOptions { File = HistoryPlace.FileOf(where, node), Size = size ?? HistoryOptions.DefaultSize }
            : null;

    private static StampKeyRing KeysOf(string file)
    {
        try
        {
            return KeyFile.Read(file);
        }
        catch (KeyFileException e)
        {
            throw new UsageException($"--share-key-file {e.Message}", e);
        }
    }

    private static ApiToken TokenOf(string file)
    {
        try
        {
            return ApiToken.Read(file);
        }
        catch (ApiTokenException e)
        {
            throw new UsageException($"--api-token-file {e.Message}", e);
        }
    }

    private static TlsIdentity TlsOf(string cert, string key, string? ca)
    {
        try
        {
            return TlsIdentity.Read(cert, key, ca);
        }
        catch (TlsFileException e)
        {
            throw new UsageException($"{e.Option} {e.Message}", e);
        }
    }

    private static FleetLog LogOf(string file)
    {
        try
        {
            return new FleetLog(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new StartException($"--log-file {file}: {e.Message}");
        }
    }

    /// <summary>Why the mesh's port can't be had, in words that follow the address.</summary>
    public static string Explain(SocketSetupException e) => e.Error switch
    {
        Errno.EADDRINUSE => "address already in use; does a node run here already? Give it another port, as in -b ADDRESS:12232",
        Errno.EADDRNOTAVAIL => "not an address of this host; see ip address",
        Errno.EACCES => "not permitted; ports below 1024 need CAP_NET_BIND_SERVICE",
        _ => e.Message,
    };

    /// <summary>Where the metrics are to be had, for people; null where they are not.</summary>
    public static string? MetricsUrlOf(ProbeAgent agent) => MetricsUrlOf(agent.MetricsEndPoint, agent.ServesTls);

    /// <summary>The same of what an endpoint serves.</summary>
    public static string? MetricsUrlOf(IPEndPoint? endPoint, bool isTls = false)
    {
        if (endPoint is null)
        {
            return null;
        }

        var shown = endPoint.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Any, endPoint.Port) : endPoint;
        return $"{(isTls ? "https" : "http")}://{shown}/metrics";
    }

    /// <summary>Waits until the agent is to stop.</summary>
    /// <exception cref="StartException">It ended by itself.</exception>
    public static async Task WaitAsync(ProbeAgent agent, CancellationToken stop)
    {
        await Task.WhenAny(agent.Ended, Task.Delay(Timeout.Infinite, stop));
        if (agent.Ended.IsFaulted)
        {
            throw new StartException($"the probing thread ended: {agent.Ended.Exception.InnerException}");
        }
    }

    /// <summary>The address of a host, which may be one already.</summary>
    /// <param name="shown">How messages begin: the option, where there is one, and the host.</param>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port to go with it.</param>
    /// <param name="family">The only one that will do, InterNetwork or InterNetworkV6; null for either. Of no meaning for an address.</param>
    /// <exception cref="StartException">The name can't be resolved, or has no such address.</exception>
    public static async Task<NodeEndpoint> ResolveAsync(string shown, string host, int port, AddressFamily? family = null)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return NodeEndpoint.From(literal, port);
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host).WaitAsync(s_resolvePatience);
            // IPv4 first: it is what the original binds to for the same name.
            var address = addresses.Where(a => family is null || a.AddressFamily == family)
                .OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
                .FirstOrDefault();
            return address is not null
                ? NodeEndpoint.From(address, port)
                : throw new StartException($"{shown}: the name has no {(family == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4")} address");
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            throw new StartException($"{shown}: the name can't be resolved ({(e is SocketException ? e.Message : "no answer in 5 s")}); give an address instead");
        }
    }
}
