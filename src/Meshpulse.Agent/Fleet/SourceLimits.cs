using System.Net;
using System.Net.Sockets;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Fleet;

/// <summary>
/// What one source may ask for: so many requests and bytes a second, and so many that wait at once. An IPv6 source is its /64, of which a host has all
/// addresses that it likes. Not more than 4,096 sources are known within a second; beyond, nobody new is served until the next.
/// </summary>
/// <param name="clock">The monotonic clock; null for the system's.</param>
internal sealed class SourceLimits(Func<MonoTime>? clock = null)
{
    public const int RequestsPerSecond = 50;
    public const int MaxWaiting = 256;
    public const int MaxWaitingOfSource = 32;

    private const long BytesPerSecond = 16 * 1024 * 1024;
    private const int MaxSources = 4_096;

    private static readonly Duration s_second = Duration.FromSeconds(1);

    private readonly Func<MonoTime> _clock = clock ?? SystemClocks.Mono;
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Source> _sources = [];
    private MonoTime _second;
    private int _waiting;

    /// <summary>Whether a source may ask now. Where it may, <see cref="End"/> must follow.</summary>
    public bool TryBegin(IPAddress? address)
    {
        lock (_lock)
        {
            Turn();
            var source = Of(address);
            if (source is null || source.Requests >= RequestsPerSecond || source.Bytes >= BytesPerSecond
                || source.Waiting >= MaxWaitingOfSource || _waiting >= MaxWaiting)
            {
                return false;
            }

            source.Requests++;
            source.Waiting++;
            _waiting++;
            return true;
        }
    }

    /// <summary>A request was answered.</summary>
    public void End(IPAddress? address, long bytes)
    {
        lock (_lock)
        {
            if (_sources.TryGetValue(KeyOf(address), out var source))
            {
                source.Waiting--;
                source.Bytes += bytes;
                _waiting--;
            }
        }
    }

    private static IPAddress KeyOf(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private Source? Of(IPAddress? address)
    {
        var key = KeyOf(address);
        if (!_sources.TryGetValue(key, out var source) && _sources.Count < MaxSources)
        {
            _sources.Add(key, source = new Source());
        }

        return source;
    }

    /// <summary>A new second: everybody begins anew, and who waits for nothing is forgotten.</summary>
    private void Turn()
    {
        var now = _clock();
        if (now - _second < s_second)
        {
            return;
        }

        _second = now;
        foreach (var (key, source) in _sources)
        {
            (source.Requests, source.Bytes) = (0, 0);
            if (source.Waiting == 0)
            {
                _sources.Remove(key);
            }
        }
    }

    private sealed class Source
    {
        public int Requests { get; set; }

        public long Bytes { get; set; }

        public int Waiting { get; set; }
    }
}
