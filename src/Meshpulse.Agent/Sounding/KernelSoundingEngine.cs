using Meshpulse.Core.Time;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Sounding;

/// <summary>Linux's own: kernel stamps, the error queue, waits of nanoseconds.</summary>
internal sealed class KernelSoundingEngine : ISoundingEngine
{
    private const int BellToken = -1;
    private const int MostEvents = 64;
    private const int DatagramBytes = 2_048;

    private static readonly Duration s_timerSlack = Duration.FromMicroseconds(1);

    private readonly List<KernelSoundingSocket> _sockets = [];
    private readonly UdpBatch _arrivals = new(MostEvents, DatagramBytes);
    private readonly UdpErrorBatch _errors = new();
    private readonly PollEvent[] _events = new PollEvent[MostEvents];
    private readonly Wakeup _bell = new();
    private readonly Poller _poller = new(MostEvents);

    public KernelSoundingEngine() => _ = _poller.Add(_bell, BellToken);

    public MonoTime Mono() => SystemClocks.Mono();

    public WallTime Wall() => SystemClocks.Wall();

    public ClockPairing Pair() => SystemClocks.Pair();

    public ISoundingSocket Open(NodeEndpoint target, int timeToLive, int dscp)
    {
        var socket = new KernelSoundingSocket(target, timeToLive, dscp, _arrivals, _errors);
        _ = _poller.Add(socket.Socket, _sockets.Count, PollInterest.Read);
        _sockets.Add(socket);
        return socket;
    }

    public void Begin() => _ = ThreadTuning.SetTimerSlack(s_timerSlack);

    public int Wait(Span<int> ready, Duration time)
    {
        var happened = _poller.Wait(_events.AsSpan(0, Math.Min(ready.Length, MostEvents)), time).Count;
        var count = 0;
        foreach (var one in _events.AsSpan(0, happened))
        {
            if (one.Token == BellToken)
            {
                _ = _bell.Drain();
            }
            else
            {
                ready[count++] = one.Token;
            }
        }

        return count;
    }

    public void Wake() => _bell.Signal();

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        _poller.Dispose();
        _bell.Dispose();
    }
}
