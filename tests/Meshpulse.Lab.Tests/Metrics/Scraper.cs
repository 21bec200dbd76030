using System.Net;
using System.Net.Sockets;
using Meshpulse.Lab.Networks;

namespace Meshpulse.Lab.Metrics;

/// <summary>
/// Reads a node's metrics from inside its own network, over a socket that was made there: also while the node's links are
/// cut, and without a leg of ours in the lab.
/// </summary>
internal sealed class Scraper : IDisposable
{
    private readonly HttpClient _client;

    /// <param name="server">Where the metrics are served.</param>
    /// <param name="network">The network in which that is; null for ours.</param>
    public Scraper(IPEndPoint server, NetworkNamespace? network)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (network is not null)
        {
            handler.ConnectCallback = async (_, _) => await network.ConnectAsync(server);
        }

        _client = new HttpClient(handler) { BaseAddress = new Uri($"http://{server}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>One scrape.</summary>
    public async Task<MetricsPage> ReadAsync() => new(await _client.GetStringAsync("/metrics"));

    /// <summary>One scrape; null where nobody answers (yet, or any more).</summary>
    public async Task<MetricsPage?> TryReadAsync()
    {
        try
        {
            return await ReadAsync();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _client.Dispose();
}
