using Meshpulse.Core.Time;

namespace Meshpulse.Core.Config;

/// <summary>A <c>[[check]]</c> of the file.</summary>
public sealed record CheckDefinition
{
    /// <summary>The server or group that probes.</summary>
    public required string From { get; init; }

    /// <summary>The server or group that is probed.</summary>
    public required string To { get; init; }

    /// <summary>How it is probed.</summary>
    public required CheckKind Kind { get; init; }

    /// <summary>The URL of <see cref="CheckKind.Http"/> as written, with its placeholders; null for the other kinds.</summary>
    public string? HttpUrl { get; init; }

    /// <summary>
    /// The port of <see cref="CheckKind.Tcp"/> and <see cref="CheckKind.Stamp"/>, 1 to 65535; null where each target's own port is meant, which is
    /// never so for STAMP, and for the other kinds.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>From one probe to the next, 100 µs to an hour.</summary>
    public required Duration Interval { get; init; }

    /// <summary>When a probe without an answer is lost, 1 ms to 60 s; at most 10,000 intervals.</summary>
    public required Duration Timeout { get; init; }

    /// <summary>The bytes of a probe behind the UDP or ICMP header, up to 8972; 0 for kinds that have none.</summary>
    public required int Payload { get; init; }

    /// <summary>The differentiated services code point of the probes, 0 to 63 (RFC 2474).</summary>
    public required int Dscp { get; init; }

    /// <summary>What <see cref="CheckKind.Stamp"/> has beyond the others; null for those.</summary>
    public StampCheckSettings? Stamp { get; init; }

    /// <summary>True where both send the same packets at the same pace to whom they probe.</summary>
    internal bool HasSettingsOf(CheckDefinition other) =>
        (Interval, Timeout, Payload, Dscp, Stamp) == (other.Interval, other.Timeout, other.Payload, other.Dscp, other.Stamp);
}
