using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Sounding;

/// <summary>What a sounding stands on: clocks, sockets and waiting. The kernel's own, or the runtime's on any platform.</summary>
internal interface ISoundingEngine : IDisposable
{
    /// <summary>The monotonic clock.</summary>
    MonoTime Mono();

    /// <summary>The wall clock.</summary>
    WallTime Wall();

    /// <summary>Both at one moment.</summary>
    ClockPairing Pair();

    /// <summary>Opens the next flow's socket, with a free source port.</summary>
    /// <param name="target">To whom it sends, and from whom alone it receives where there is a route.</param>
    /// <param name="timeToLive">1 to 255; 0 for the system's default.</param>
    /// <param name="dscp">The code point of what it sends, 0 to 63; a platform may not do it.</param>
    /// <exception cref="Linux.Sockets.SocketSetupException">There is none to be had.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The same.</exception>
    ISoundingSocket Open(NodeEndpoint target, int timeToLive, int dscp);

    /// <summary>The thread that calls is the one that sounds from now on.</summary>
    void Begin();

    /// <summary>Waits until there is something to take, the time is over, or <see cref="Wake"/> is called; may come back before.</summary>
    /// <param name="ready">Receives the numbers of the sockets with something to take, in the order of their opening from 0.</param>
    /// <param name="time">Zero or less: only looks.</param>
    /// <returns>How many.</returns>
    int Wait(Span<int> ready, Duration time);

    /// <summary>Ends the waiting; from any thread.</summary>
    void Wake();
}
