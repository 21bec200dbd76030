using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Network;

namespace Meshpulse.Sim.Fabric;

/// <summary>One end of a TCP connection: what the kernel keeps for a process.</summary>
/// <param name="kernel">The host's.</param>
/// <param name="route">The way to the other end.</param>
/// <param name="port">This end's port.</param>
internal sealed class TcpEnd(Kernel kernel, Route route, int port)
{
    private const int ResetLength = 40;

    private readonly List<byte> _unread = [];
    private readonly int _boot = kernel.Boot;
    private TcpStream? _outgoing;
    private bool _isEnded;
    private bool _isClosed;

    public Kernel Kernel => kernel;

    public Route Route => route;

    public int Port => port;

    /// <summary>Something can be read, or the connection has ended; told once until it was read.</summary>
    public Action? Readable { get; set; }

    /// <summary>The connection was reset.</summary>
    public bool IsReset { get; private set; }

    /// <summary>The other end closed, and all before that was read.</summary>
    public bool IsAtEnd => _isEnded && _unread.Count == 0;

    /// <summary>When the last of the unread bytes came.</summary>
    public MonoTime LastArrival { get; private set; }

    /// <summary>The kernel knows nothing of the connection: it answers with a reset.</summary>
    public bool IsForgotten => _isClosed || _boot != kernel.Boot;

    /// <summary>Connects two ends.</summary>
    public static void Join(VirtualClock clock, TcpEnd one, TcpEnd other)
    {
        one._outgoing = new TcpStream(clock, one, other);
        other._outgoing = new TcpStream(clock, other, one);
    }

    /// <summary>Sends; false where the kernel has no more room.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes) => _isClosed || IsReset || _outgoing!.Send(bytes.ToArray());

    /// <summary>Takes what has arrived.</summary>
    public byte[] Read()
    {
        var bytes = _unread.ToArray();
        _unread.Clear();
        return bytes;
    }

    /// <summary>The process closes it, or ends: the other end is told once the word gets there.</summary>
    /// <param name="clock">The time.</param>
    /// <param name="other">The other end, for a reset.</param>
    /// <param name="abort">Forget what was not sent yet.</param>
    public void Close(VirtualClock clock, TcpEnd other, bool abort)
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        if (abort)
        {
            _outgoing!.Stop();
            other.Reset(clock, route);
        }
        else
        {
            _outgoing!.Send([]);
        }
    }

    /// <summary>A reset comes by a way, if it is not lost.</summary>
    public void Reset(VirtualClock clock, Route by)
    {
        if (by.TrySend(clock.Now, 0, port, ResetLength, out var packet))
        {
            clock.At(packet.At, OnReset);
        }
    }

    public void Take(byte[] bytes, MonoTime arrived)
    {
        if (bytes.Length == 0)
        {
            _isEnded = true;
        }
        else
        {
            _unread.AddRange(bytes);
            LastArrival = arrived > LastArrival ? arrived : LastArrival;
        }

        Readable?.Invoke();
    }

    public TransportInfo InfoOf() => new(
        _outgoing!.SmoothedRtt,
        _outgoing.RttVariation,
        _outgoing.Timeout,
        _outgoing.Unacknowledged,
        _outgoing.Timeouts,
        _outgoing.Retransmits);

    private void OnReset()
    {
        if (kernel.IsUp && !_isClosed && _boot == kernel.Boot)
        {
            IsReset = true;
            _outgoing!.Stop();
            Readable?.Invoke();
        }
    }
}
