using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>Who is told what was seen of the paths, on the probing thread. No call may block, throw or allocate.</summary>
public interface IPathObserver
{
    /// <summary>A probe was sent, late or not.</summary>
    void OnSent(int path, in SendSlot slot);

    /// <summary>Probes that were due were not sent.</summary>
    /// <param name="path">The path's number.</param>
    /// <param name="cause">Why.</param>
    /// <param name="count">How many.</param>
    /// <param name="error">The system's error number where it refused; 0 where it did not, or where <see cref="OnSocketGap"/> has told the reason.</param>
    void OnUnsent(int path, UnsentCause cause, long count, int error);

    /// <summary>A probe was decided, or something else was learned of one; the latency is the round trip without the reflector's own time.</summary>
    void OnDecided(int path, in PingDecision decision);

    /// <summary>A probe was answered in time: its times, as good as they are to be had.</summary>
    void OnExchange(int path, in PathExchange exchange);

    /// <summary>What became of a flow's packets since the path is probed; at the end of each window, before <see cref="OnWindow"/>.</summary>
    void OnTotals(int path, in FlowTotals totals);

    /// <summary>Flows of a path have no socket: in each window while it is so, and once when it is over; before <see cref="OnWindow"/>.</summary>
    void OnSocketGap(int path, in SocketGap gap);

    /// <summary>A window of a path is over (<see cref="PathSettings.Window"/>); all that was in it has been told.</summary>
    void OnWindow(int path, in PathMoment moment);

    /// <summary>The network said something about a probe. It may be forged, so it decides nothing.</summary>
    /// <param name="path">The path's number.</param>
    /// <param name="error">What the system makes of it, such as ECONNREFUSED.</param>
    void OnIcmpError(int path, int error);

    /// <summary>Something came that is nobody's reply.</summary>
    /// <param name="isMalformed">It is none of the format, or not signed by a key of ours; else it came from an address that was not asked.</param>
    /// <param name="from">Who sent it.</param>
    void OnStray(bool isMalformed, NodeEndpoint from);

    /// <summary>A target that might not have spoken STAMP has answered, or has not for so long that it is only tried again now and then.</summary>
    void OnProven(int path, bool speaks, MonoTime now);
}
