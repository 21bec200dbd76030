using Meshpulse.Core.Time;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Config;

/// <summary>What a kind of check does where the file says nothing, and what the file may say.</summary>
/// <param name="Payload">The bytes that a probe carries; 0 where that is not for the file to say.</param>
/// <param name="SmallestPayload">The fewest bytes that hold what the kind needs to know its answers.</param>
internal sealed record CheckProfile(Duration Interval, Duration ShortestInterval, Duration Timeout, int Payload, int SmallestPayload)
{
    /// <summary>The most bytes of a probe: a jumbo frame of 9000 bytes less the headers of IPv4 and UDP.</summary>
    public const int LargestPayload = 8972;

    /// <summary>How many probes of a pair may be under way at once: each is remembered until its timeout.</summary>
    public const int MostUnderWay = 10_000;

    /// <summary>The longest interval.</summary>
    public static readonly Duration LongestInterval = Duration.FromSeconds(3600);

    /// <summary>The shortest timeout.</summary>
    public static readonly Duration ShortestTimeout = Duration.FromMilliseconds(1);

    /// <summary>The longest timeout.</summary>
    public static readonly Duration LongestTimeout = Duration.FromSeconds(60);

    private static readonly Duration s_second = Duration.FromSeconds(1);
    private static readonly Duration s_pace = Duration.FromMilliseconds(25);
    private static readonly Duration s_shortest = Duration.FromMicroseconds(100);

    // What STAMP says of kernel times and of code points on the way: Follow-Up Telemetry and Class of Service (RFC 8972, sections 4.7 and 4.4).
    private const int StampTlvs = 20 + 8;
    private const int HmacTlv = 20; // RFC 8972, section 4.8.

    /// <summary>The profile of a kind. 25 ms, 18 bytes and one second are the original's.</summary>
    /// <param name="authenticated">Whether a check of the kind STAMP is; the others never are.</param>
    public static CheckProfile Of(CheckKind kind, bool authenticated = false) => kind switch
    {
        CheckKind.Http => new(s_second, Duration.FromMilliseconds(100), Duration.FromSeconds(5), 0, 0),
        CheckKind.Tcp => new(s_second, Duration.FromMilliseconds(10), s_second, 0, 0),
        CheckKind.Icmp => new(s_second, Duration.FromMilliseconds(1), s_second, 56, 16),
        CheckKind.Stamp when authenticated =>
            new(s_pace, s_shortest, s_second, StampWire.AuthenticatedLength + StampTlvs + HmacTlv, StampWire.AuthenticatedLength),
        CheckKind.Stamp => new(s_pace, s_shortest, s_second, StampWire.UnauthenticatedLength + StampTlvs, StampWire.UnauthenticatedLength),
        _ => new(s_pace, s_shortest, s_second, 18, 18),
    };
}
