using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.StampReflector;

/// <summary>How a STAMP reflector behaves.</summary>
public sealed record StampResponderOptions
{
    /// <summary>Both ends are told the mode; nothing on the wire says it.</summary>
    public StampMode Mode { get; init; }

    /// <summary>The valid keys: needed with authentication; without, they are for HMAC TLVs alone.</summary>
    public StampKeyRing? Keys { get; init; }

    /// <summary>True to keep no sessions: every reply repeats the sender's number, and the direction of a loss can't be told.</summary>
    public bool Stateless { get; init; }

    /// <summary>False to send back whatever stands behind the base as it came, for TWAMP senders whose padding may look like TLVs.</summary>
    public bool ProcessTlvs { get; init; } = true;

    /// <summary>The format of T2 and T3. A request shorter than STAMP's base is always answered with NTP, as TWAMP knows no other.</summary>
    public StampTimestampFormat Format { get; init; }

    /// <summary>
    /// How many sessions there may be, 16 to 1,048,576; some 150 bytes each, reserved at the start. A thousand paths of eight
    /// flows are 8,000. Beyond that, see <see cref="StampResponder"/>.
    /// </summary>
    public int Sessions { get; init; } = 16_384;

    /// <summary>
    /// After how much silence a session is forgotten and its numbers begin at 0 again: REFWAIT of RFC 5357, section 4.2. 1 s or more.
    /// </summary>
    public Duration SessionIdle { get; init; } = Duration.FromSeconds(900);

    /// <summary>How much is answered. Of the total, up to half is kept for sessions that are active already.</summary>
    public ReflectorLimits Limits { get; init; } = new();

    /// <summary>The networks that are answered; none given, all are.</summary>
    public IReadOnlyList<AddressNetwork> Allow { get; init; } = [];

    /// <summary>
    /// How near to our own time the field that only replies fill must be for a packet to be taken as a reply; 0 to 1 day.
    /// <see cref="ReplyMark"/> says why it need not be long.
    /// </summary>
    public Duration ReplyWindow { get; init; } = Duration.FromSeconds(600);

    /// <summary>
    /// Bit n: a Class of Service TLV may have the reply sent with DSCP n. All but 48 to 63, which are the network's own
    /// control traffic (RFC 2474, section 4.2.2.2).
    /// </summary>
    public ulong PermittedDscp { get; init; } = 0x0000_ffff_ffff_ffff;

    /// <summary>False to leave the fields of a Location TLV zero, where senders are not to learn how they are seen.</summary>
    public bool TellLocation { get; init; } = true;
}
