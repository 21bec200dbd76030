using System.Net.Sockets;
using Meshpulse.Agent.Portable;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Sounding;

/// <summary>
/// The runtime's own, on any platform.
/// <para>
/// Waiting is what it does worst: the runtime waits for sockets in whole milliseconds, and has nothing that ends a wait but a socket. So the last
/// part of a millisecond is spent looking again and again, and a wait is never longer than some milliseconds, after which whoever
/// waits looks for himself.
/// </para>
/// </summary>
internal sealed class PortableSoundingEngine : ISoundingEngine
{
    private const int MostArrivals = 64;
    private const int DatagramBytes = 2_048;
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const int MicrosecondsPerMillisecond = 1_000;

    private static readonly Duration s_longest = Duration.FromMilliseconds(20);
    private static readonly Duration s_millisecond = Duration.FromMilliseconds(1);

    private readonly List<PortableSoundingSocket> _sockets = [];
    private readonly List<Socket> _asked = [];
    private readonly PortableUdpBatch _arrivals = new(MostArrivals, DatagramBytes);
    private volatile bool _isWoken;

    public MonoTime Mono() => PortableClock.Mono();

    public WallTime Wall() => PortableClock.Wall();

    public ClockPairing Pair() => PortableClock.Pair();

    public ISoundingSocket Open(NodeEndpoint target, int timeToLive, int dscp)
    {
        var socket = new PortableSoundingSocket(target, timeToLive, dscp, _arrivals);
        _sockets.Add(socket);
        return socket;
    }

    public void Begin()
    {
    }

    public int Wait(Span<int> ready, Duration time)
    {
        var end = Mono() + Duration.Min(time, s_longest);
        while (true)
        {
            var count = Look(ready, end - Mono());
            if (count > 0 || _isWoken || Mono() >= end)
            {
                _isWoken = false;
                return count;
            }
        }
    }

    public void Wake() => _isWoken = true;

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    /// <summary>Waits for the whole milliseconds of a time, which may be none.</summary>
    private int Look(Span<int> ready, Duration time)
    {
        _asked.Clear();
        foreach (var socket in _sockets)
        {
            _asked.Add(socket.Socket.Socket);
        }

        var milliseconds = (int)(Math.Max(0, time.Nanoseconds) / NanosecondsPerMillisecond);
        var end = Mono() + (s_millisecond * (milliseconds - 1));
        Socket.Select(_asked, null, null, milliseconds * MicrosecondsPerMillisecond);
        // It comes back early with nothing where a socket has an error to tell: then each is asked, or it would not wait again.
        var hasError = _asked.Count == 0 && Mono() < end;
        var count = 0;
        for (var i = 0; i < _sockets.Count && count < ready.Length; i++)
        {
            if (hasError || _asked.Contains(_sockets[i].Socket.Socket))
            {
                ready[count++] = i;
            }
        }

        return count;
    }
}
