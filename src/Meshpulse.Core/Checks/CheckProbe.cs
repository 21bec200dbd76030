using Meshpulse.Core.Config;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Checks;

/// <summary>
/// One probe as a <see cref="CheckNode"/> keeps it. Made by whoever adds it, on whatever thread: the memory for its outstanding
/// requests is some kilobytes, and ten thousand of them at once would hold the probing thread up.
/// </summary>
public sealed class CheckProbe
{
    // Late answers are of use while the window that they correct is still reported.
    private static readonly Duration s_memory = Duration.FromSeconds(4);

    /// <summary>Prepares a probe.</summary>
    /// <param name="id">Its number, never used for another.</param>
    /// <param name="settings">Its packets.</param>
    /// <exception cref="ArgumentException">They are of the kind STAMP, which has flows and sessions of its own.</exception>
    public CheckProbe(int id, ProbeSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Kind == CheckKind.Stamp)
        {
            throw new ArgumentException("STAMP is not for this node to send.", nameof(settings));
        }

        (Id, Settings) = (id, settings);
        Session = settings.Kind is CheckKind.UdpPing or CheckKind.Icmp ? new PingSession(settings.Interval, settings.Timeout, s_memory) : null;
        Attempts = settings.Kind == CheckKind.Tcp ? new AttemptQueue() : null;
    }

    /// <summary>Its number.</summary>
    public int Id { get; }

    /// <summary>Its packets.</summary>
    public ProbeSettings Settings { get; }

    /// <summary>Its requests; null for kinds that have none.</summary>
    internal PingSession? Session { get; }

    /// <summary>Its TCP connections under way; null for other kinds.</summary>
    internal AttemptQueue? Attempts { get; }

    internal SendSchedule Schedule { get; set; }

    internal NodeEndpoint? Target { get; set; }

    /// <summary>The number of its channel; -1 where it has none.</summary>
    internal int Channel { get; set; } = -1;

    /// <summary>What its requests' numbers are counted from on the wire: 0, or the last id of whoever had its socket and target before.</summary>
    internal ulong IdBase { get; set; }

    /// <summary>The last id that it has used on the wire.</summary>
    internal ulong LastId => IdBase + (Session?.NextId ?? 1) - 1;

    /// <summary>A method, as a property would hand out a copy of the schedule.</summary>
    internal bool TryTake(MonoTime now, out SendSlot slot)
    {
        var schedule = Schedule;
        var taken = schedule.TryTake(now, out slot);
        Schedule = schedule;
        return taken;
    }
}
