using Meshpulse.Core.Statistics;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Sounding;

/// <summary>What a sounding found, or has found so far. Immutable.</summary>
public sealed record SoundingResult
{
    /// <summary>Who was asked.</summary>
    public required NodeEndpoint Target { get; init; }

    /// <summary>With which packets.</summary>
    public required SoundingProtocol Protocol { get; init; }

    /// <summary>UDP payload in bytes.</summary>
    public required int Size { get; init; }

    /// <summary>All flows together.</summary>
    public required SoundingCounts Counts { get; init; }

    /// <summary>Packets that were due and did not leave: this host was late, or refused to send them.</summary>
    public required long Unsent { get; init; }

    /// <summary>Round trips without the reflector's own time; null without any.</summary>
    public required SoundingDelays? RoundTrip { get; init; }

    /// <summary>Delays there, by the offset that stands for <see cref="Offset"/> (<see cref="OffsetInterval.Point"/>); null where they can't be told.</summary>
    public required SoundingDelays? Forward { get; init; }

    /// <summary>Delays back, the same.</summary>
    public required SoundingDelays? Backward { get; init; }

    /// <summary>By how much the target's clock is ahead of ours; an end may be unknown.</summary>
    public required OffsetInterval Offset { get; init; }

    /// <summary>Steps of either clock that were seen.</summary>
    public required long ClockSteps { get; init; }

    /// <summary>The reflector says that its clock is synchronised; null where it said nothing.</summary>
    public required bool? TargetSynchronised { get; init; }

    /// <summary>The reflector gave the session ids back; null without replies, and where there are none.</summary>
    public required bool? KnowsSessionIds { get; init; }

    /// <summary>Times the reflector began to count anew.</summary>
    public required long Restarts { get; init; }

    /// <summary>Datagrams from the target that answer nothing we sent, or are not signed with a key of ours.</summary>
    public required long Refused { get; init; }

    /// <summary>Where the times came from.</summary>
    public required SoundingStamps Stamps { get; init; }

    /// <summary>What the network or this host said last against a packet, such as <c>Connection refused</c>; null for nothing.</summary>
    public required string? LastError { get; init; }

    /// <summary>What the target told by TLVs beyond the packets themselves.</summary>
    public SoundingTlvs Tlvs { get; init; }

    /// <summary>The code points of the requests at both ends.</summary>
    public SoundingCodePoints CodePoints { get; init; }

    /// <summary>The flows in the order of their turns.</summary>
    public required IReadOnlyList<SoundingFlow> Flows { get; init; }
}
