using System.Net.Sockets;
using Meshpulse.Core.Config;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Discovery;

/// <summary>
/// The addresses of the host names in a configuration, looked up again and again: every 30 s, and every 5 s where a name has none.
/// An address in use is kept as long as the name has it, whatever the resolver's order, which many rotate; and kept as well where the
/// resolver does not answer, as that says nothing about the host.
/// </summary>
internal sealed class NamedTargets : IAsyncDisposable
{
    private const int LookupsAtOnce = 16;
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_refresh = TimeSpan.FromSeconds(30);

    private readonly Action<ServerAddress, NodeEndpoint?, NodeEndpoint?> _onChange;
    private readonly Func<string, AddressFamily, Task<IReadOnlyList<NodeEndpoint>>> _resolve;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Dictionary<(string Host, IpFamily Family), NodeEndpoint?> _current = [];
    private IReadOnlyList<ServerAddress> _wanted = [];
    private Task _watching = Task.CompletedTask;

    /// <summary>Looks nothing up yet.</summary>
    /// <param name="onChange">Is told that a name leads elsewhere: the name, the address before and now, with port 0; null for none. From the thread pool, one call at a time.</param>
    /// <param name="resolve">Looks a name up; null for the system's resolver.</param>
    public NamedTargets(
        Action<ServerAddress, NodeEndpoint?, NodeEndpoint?> onChange, Func<string, AddressFamily, Task<IReadOnlyList<NodeEndpoint>>>? resolve = null) =>
        (_onChange, _resolve) = (onChange, resolve ?? NameResolver.ResolveAsync);

    /// <summary>Where an address leads now, with its port; null for a name that has no address, or none yet.</summary>
    public NodeEndpoint? Find(ServerAddress address)
    {
        if (address.Literal is { } literal)
        {
            return literal;
        }

        lock (_lock)
        {
            return _current.GetValueOrDefault((address.Host, address.Family))?.WithPort(address.Port);
        }
    }

    /// <summary>The address as people read it: without port, or the name where it leads nowhere.</summary>
    public string TextOf(ServerAddress address) => Find(address)?.AddressText ?? address.Host;

    /// <summary>Says which addresses are of interest from now on. Names that are new are looked up soon.</summary>
    public void Want(IEnumerable<ServerAddress> addresses)
    {
        lock (_lock)
        {
            _wanted = [.. addresses.Where(a => a.Literal is null).DistinctBy(a => (a.Host, a.Family))];
        }

        _changed.Release();
    }

    /// <summary>Looks all names up once, then begins to watch them.</summary>
    public async Task StartAsync()
    {
        await LookAsync();
        _watching = WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
        _changed.Dispose();
    }

    /// <summary>Looks all names up once.</summary>
    internal async Task LookAsync()
    {
        IReadOnlyList<ServerAddress> wanted;
        lock (_lock)
        {
            wanted = _wanted;
        }

        using var room = new SemaphoreSlim(LookupsAtOnce);
        var looks = wanted.Select(address => LookAsync(address, room)).ToList();
        foreach (var look in looks)
        {
            var (address, found) = await look;
            Take(address, found);
        }
    }

    private async Task<(ServerAddress Address, IReadOnlyList<NodeEndpoint> Found)> LookAsync(ServerAddress address, SemaphoreSlim room)
    {
        await room.WaitAsync();
        try
        {
            var family = address.Family switch
            {
                IpFamily.V4 => AddressFamily.InterNetwork,
                IpFamily.V6 => AddressFamily.InterNetworkV6,
                _ => AddressFamily.Unspecified,
            };
            return (address, await _resolve(address.Host, family));
        }
        finally
        {
            room.Release();
        }
    }

    private void Take(ServerAddress address, IReadOnlyList<NodeEndpoint> found)
    {
        NodeEndpoint? before, next;
        lock (_lock)
        {
            before = _current.GetValueOrDefault((address.Host, address.Family));
            next = found.Count == 0 || (before is { } kept && found.Contains(kept)) ? before : found[0];
            _current[(address.Host, address.Family)] = next;
        }

        if (next != before)
        {
            _onChange(address, before, next);
        }
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            bool anyMissing;
            lock (_lock)
            {
                anyMissing = _wanted.Any(a => _current.GetValueOrDefault((a.Host, a.Family)) is null);
            }

            try
            {
                _ = await _changed.WaitAsync(anyMissing ? s_retry : s_refresh, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await LookAsync();
        }
    }
}
