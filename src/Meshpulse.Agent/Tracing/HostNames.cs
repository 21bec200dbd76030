using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tracing;

/// <summary>
/// Names of addresses, looked up in the background: asking never waits. What is looked up at once, how long each takes and how many there
/// are at all are bounded; an address beyond that stays without a name. Names are what others put into the DNS: clean them before
/// they are shown. Any thread.
/// </summary>
public sealed class HostNames : IDisposable
{
    private const int MostAtOnce = 8;
    private const int MostAddresses = 1_024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<NodeEndpoint, Task<string?>> _names = new();
    private readonly SemaphoreSlim _slots = new(MostAtOnce);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<IPAddress, CancellationToken, Task<string?>> _lookUp;

    /// <summary>Asks the system's resolver.</summary>
    public HostNames()
        : this(AskResolverAsync)
    {
    }

    internal HostNames(Func<IPAddress, CancellationToken, Task<string?>> lookUp) => _lookUp = lookUp;

    /// <summary>The name where it is known by now, else null; the first call for an address begins to look it up.</summary>
    public string? Find(NodeEndpoint address)
    {
        if (!_names.TryGetValue(address, out var name))
        {
            if (_names.Count >= MostAddresses)
            {
                return null;
            }

            name = _names.GetOrAdd(address, a => Task.Run(() => LookUpAsync(a.ToIPAddress())));
        }

        return name.IsCompletedSuccessfully ? name.Result : null;
    }

    /// <summary>Waits for what is being looked up, for a bounded time.</summary>
    public async Task SettleAsync(TimeSpan patience) => await Task.WhenAny(Task.WhenAll(_names.Values), Task.Delay(patience));

    /// <summary>Ends what is being looked up.</summary>
    public void Dispose() => _stop.Cancel();

    private async Task<string?> LookUpAsync(IPAddress address)
    {
        try
        {
            await _slots.WaitAsync(_stop.Token);
            try
            {
                return await _lookUp(address, _stop.Token).WaitAsync(s_patience, _stop.Token);
            }
            finally
            {
                _ = _slots.Release();
            }
        }
        catch (Exception e) when (e is SocketException or TimeoutException or OperationCanceledException or ArgumentException)
        {
            return null;
        }
    }

    private static async Task<string?> AskResolverAsync(IPAddress address, CancellationToken stop)
    {
        var name = (await Dns.GetHostEntryAsync(address.ToString(), stop)).HostName;
        // The resolver gives the address back where there is no name.
        return IPAddress.TryParse(name, out _) ? null : name;
    }
}
