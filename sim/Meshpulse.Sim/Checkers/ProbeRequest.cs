using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Checkers;

/// <summary>One request as it really went, which the node can't know.</summary>
/// <param name="sentAt">When it was sent.</param>
public sealed class ProbeRequest(MonoTime sentAt)
{
    /// <summary>When it was sent.</summary>
    public MonoTime SentAt { get; } = sentAt;

    /// <summary>The grid point that it was sent for.</summary>
    public SendSlot Slot { get; internal set; }

    /// <summary>When answers to it arrived and got into the host's queue, in the order in which they were read.</summary>
    public List<MonoTime> Arrivals { get; } = [];

    internal ProbeLife? Life { get; set; }
}
