using Meshpulse.Core.Config;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Checks;

/// <summary>What of a probe's definition concerns its packets.</summary>
/// <param name="Kind">How it probes.</param>
/// <param name="Interval">From one probe to the next.</param>
/// <param name="Timeout">When a probe without an answer is lost.</param>
/// <param name="Payload">Bytes behind the UDP or ICMP header.</param>
/// <param name="Dscp">Differentiated services code point, 0 to 63.</param>
public sealed record ProbeSettings(CheckKind Kind, Duration Interval, Duration Timeout, int Payload, int Dscp)
{
    /// <summary>Those of a definition.</summary>
    public static ProbeSettings Of(ProbeDefinition probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return new ProbeSettings(probe.Kind, probe.Interval, probe.Timeout, probe.Payload, probe.Dscp);
    }
}
