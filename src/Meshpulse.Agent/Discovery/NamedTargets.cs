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
    private readonly CancellationToken _stopping;
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Dictionary<(string Host, IpFamily Family), NodeEndpoint?> _current = [];
    private IReadOnlyList<ServerAddress> _wanted = [];
    private HashSet<(string Host, IpFamily Family)> _wantedKeys = [];
    private Task _watching = Task.CompletedTask;

    /// <summary>Looks nothing up yet.</summary>
    /// <param name="onChange">
    /// Is told that a name leads elsewhere, or that a new one leads nowhere: the name, the address before and now, with port 0; null for none.
    /// From the thread pool, one call at a time.
    /// </param>
    /// <param name="resolve">Looks a name up; null for the system's resolver.</param>
    public NamedTargets(
        Action<ServerAddress, NodeEndpoint?, NodeEndpoint?> onChange, Func<string, AddressFamily, Task<IReadOnlyList<NodeEndpoint>>>? resolve = null) =>
        (_onChange, _resolve, _stopping) = (onChange, resolve ?? NameResolver.ResolveAsync, _stop.Token);

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

    /// <summary>Says which addresses are of interest from now on. Names that are new are looked up soon, the others are forgotten.</summary>
    public void Want(IEnumerable<ServerAddress> addresses)
    {
        lock (_lock)
        {
            _wanted = [.. addresses.Where(a => a.Literal is null).DistinctBy(a => (a.Host, a.Family))];
            _wantedKeys = [.. _wanted.Select(a => (a.Host, a.Family))];
            foreach (var key in _current.Keys.Where(key => !_wantedKeys.Contains(key)).ToList())
            {
                _current.Remove(key);
            }
        }

        _changed.Release();
    }

    /// <summary>Begins to look all names up and to watch them.</summary>
    /// <param name="patience">How long to wait for the first look-ups: a dead resolver must not keep those from being probed that need none.</param>
    public async Task StartAsync(TimeSpan patience)
    {
        var first = LookAsync();
        _watching = WatchAsync(first);
        _ = await Task.WhenAny(first, Task.Delay(patience));
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
        await foreach (var look in Task.WhenEach(looks))
        {
            var (address, found) = await look;
            Take(address, found);
        }
    }

    private async Task<(ServerAddress Address, IReadOnlyList<NodeEndpoint> Found)> LookAsync(ServerAddress address, SemaphoreSlim room)
    {
        await room.WaitAsync(_stopping);
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
        var key = (address.Host, address.Family);
        NodeEndpoint? before, next;
        bool isNew;
        lock (_lock)
        {
            if (!_wantedKeys.Contains(key) || _stopping.IsCancellationRequested)
            {
                return;
            }

            isNew = !_current.TryGetValue(key, out before);
            next = found.Count == 0 || (before is { } kept && found.Contains(kept)) ? before : found[0];
            _current[key] = next;
        }

        if (isNew || next != before)
        {
            _onChange(address, before, next);
        }
    }

    /// <summary>Ends when it is told to, whatever the resolver does.</summary>
    private async Task WatchAsync(Task first)
    {
        try
        {
            await first.WaitAsync(_stopping);
            while (true)
            {
                _ = await _changed.WaitAsync(IsAnyMissing() ? s_retry : s_refresh, _stopping);
                await LookAsync().WaitAsync(_stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody wants to know any more.
        }
    }

    private bool IsAnyMissing()
    {
        lock (_lock)
        {
            return _wanted.Any(a => _current.GetValueOrDefault((a.Host, a.Family)) is null);
        }
    }
}
