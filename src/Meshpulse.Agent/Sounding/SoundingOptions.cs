using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Agent.Sounding;

/// <summary>What to sound out, and how.</summary>
public sealed record SoundingOptions
{
    /// <summary>The most flows of one run.</summary>
    public const int MaxFlows = 64;

    /// <summary>The reflector's address and port.</summary>
    public required NodeEndpoint Target { get; init; }

    /// <summary>What the packets are.</summary>
    public SoundingProtocol Protocol { get; init; }

    /// <summary>How many packets leave, over all flows together; null until stopped.</summary>
    public long? Count { get; init; }

    /// <summary>Between packets over all flows; more than zero.</summary>
    public Duration Interval { get; init; } = Duration.FromMilliseconds(100);

    /// <summary>UDP payload in bytes; 0 for the protocol's own size, see <see cref="DefaultSize"/>.</summary>
    public int Size { get; init; }

    /// <summary>After which a packet is lost; more than zero.</summary>
    public Duration Timeout { get; init; } = Duration.FromSeconds(1);

    /// <summary>Source ports that take turns, 1 to 64.</summary>
    public int Flows { get; init; } = 1;

    /// <summary>By the runtime's sockets, as on platforms other than Linux, and not by the kernel's: our own readings of the clock, no kernel stamps.</summary>
    public bool Portable { get; init; }

    /// <summary>The keys of authenticated STAMP; null for unauthenticated.</summary>
    public StampKeyRing? Keys { get; init; }

    /// <summary>How far T1 may be off, for the reflector's information.</summary>
    public StampErrorEstimate ErrorEstimate { get; init; } = StampErrorEstimate.Unknown;

    /// <summary>Of STAMP's optional TLVs (<see cref="StampTlvSet.Optional"/>) those that are asked for; the size must have room for them.</summary>
    public StampTlvSet Tlvs { get; init; }

    /// <summary>The code point of the requests, and for STAMP the one that is asked for the replies; 0 to 63.</summary>
    public int Dscp { get; init; }

    /// <summary>
    /// The size of a packet where nothing is asked: for STAMP with the TLVs that tell more (<see cref="StampForm"/>), for TWAMP one at which the
    /// reply is as long as the request.
    /// </summary>
    public static int DefaultSize(SoundingProtocol protocol, bool authenticated, StampTlvSet tlvs = StampTlvSet.None) => protocol == SoundingProtocol.Stamp
        ? StampForm.LengthOf(ModeOf(authenticated), tlvs | StampTlvSet.FollowUpTelemetry | StampTlvSet.ClassOfService)
        : BaseSize(protocol, authenticated);

    /// <summary>The size of a packet without TLVs and padding; for TWAMP one at which the reply is as long as the request.</summary>
    private static int BaseSize(SoundingProtocol protocol, bool authenticated) => protocol switch
    {
        SoundingProtocol.UdpPing => UdpPingWire.Length,
        _ => StampWire.LengthOf(ModeOf(authenticated)),
    };

    /// <summary>The smallest packet that can be asked for: one with room for the TLVs that are.</summary>
    public static int SmallestSize(SoundingProtocol protocol, bool authenticated, StampTlvSet tlvs = StampTlvSet.None) => protocol switch
    {
        SoundingProtocol.Twamp => StampWire.TwampRequestLength,
        SoundingProtocol.Stamp => StampForm.LengthOf(ModeOf(authenticated), tlvs),
        _ => BaseSize(protocol, authenticated),
    };

    private static StampMode ModeOf(bool authenticated) => authenticated ? StampMode.Authenticated : StampMode.Unauthenticated;
}
