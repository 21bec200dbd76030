using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Paths;

/// <summary>The paths' sockets as the probing thread needs them: the kernel's own, or the runtime's to compare with.</summary>
internal interface IPathSockets : IPathTransport, IDisposable
{
    /// <summary>What is counted of the channels; may be read from any thread.</summary>
    ProbeTraffic Traffic { get; }

    /// <summary>Kernel times of sending that came; may be read from any thread.</summary>
    long SendStamps { get; }

    /// <summary>Takes in whatever has come since the last look.</summary>
    /// <param name="node">Who is told.</param>
    /// <param name="now">The clocks just before.</param>
    void Look(PathNode node, ClockPairing now);

    /// <summary>Asks each socket what it has dropped; for once a second.</summary>
    void CountDrops();
}
