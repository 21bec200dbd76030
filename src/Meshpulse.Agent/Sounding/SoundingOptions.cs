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

    /// <summary>The keys of authenticated STAMP; null for unauthenticated.</summary>
    public StampKeyRing? Keys { get; init; }

    /// <summary>How far T1 may be off, for the reflector's information.</summary>
    public StampErrorEstimate ErrorEstimate { get; init; } = StampErrorEstimate.Unknown;

    /// <summary>
    /// The size of a packet where nothing is asked: for STAMP with the TLVs that tell more (<see cref="StampForm"/>), for TWAMP one at which the
    /// reply is as long as the request.
    /// </summary>
    public static int DefaultSize(SoundingProtocol protocol, bool authenticated) => protocol == SoundingProtocol.Stamp
        ? authenticated ? StampForm.FullAuthenticatedLength : StampForm.FullLength
        : BaseSize(protocol, authenticated);

    /// <summary>The size of a packet without TLVs and padding; for TWAMP one at which the reply is as long as the request.</summary>
    private static int BaseSize(SoundingProtocol protocol, bool authenticated) => protocol switch
    {
        SoundingProtocol.UdpPing => UdpPingWire.Length,
        _ => StampWire.LengthOf(authenticated ? StampMode.Authenticated : StampMode.Unauthenticated),
    };

    /// <summary>The smallest packet that can be asked for.</summary>
    public static int SmallestSize(SoundingProtocol protocol, bool authenticated) =>
        protocol == SoundingProtocol.Twamp ? StampWire.TwampRequestLength : BaseSize(protocol, authenticated);
}
