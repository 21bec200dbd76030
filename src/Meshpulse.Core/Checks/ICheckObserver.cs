using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Checks;

/// <summary>Who is told what the checks saw, on the probing thread. No call may block, throw or allocate.</summary>
public interface ICheckObserver
{
    /// <summary>A probe was sent, late or not.</summary>
    void OnSent(int probe, in SendSlot slot);

    /// <summary>Probes that were due were not sent.</summary>
    /// <param name="probe">The probe's number.</param>
    /// <param name="cause">Why.</param>
    /// <param name="count">How many.</param>
    /// <param name="error">The system's error number where it refused, else 0.</param>
    void OnUnsent(int probe, UnsentCause cause, long count, int error);

    /// <summary>A probe was decided, or something else was learned of one.</summary>
    /// <param name="probe">The probe's number.</param>
    /// <param name="decision">What became of it.</param>
    /// <param name="error">For TCP, the system's error number of a failed connection, else 0.</param>
    void OnDecided(int probe, in PingDecision decision, int error);

    /// <summary>The network said something about a probe.</summary>
    /// <param name="probe">The probe's number.</param>
    /// <param name="error">What the system makes of it, such as ECONNREFUSED.</param>
    void OnIcmpError(int probe, int error);

    /// <summary>Something came that is nobody's answer.</summary>
    void OnStray(StrayKind kind, NodeEndpoint from);
}
