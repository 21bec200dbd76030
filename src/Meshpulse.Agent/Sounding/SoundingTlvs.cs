using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Sounding;

/// <summary>What the target told by TLVs that were asked for, over all flows; the flows have what is theirs (<see cref="SoundingFlow"/>).</summary>
/// <param name="Asked">What was asked, those included that every request asks.</param>
/// <param name="Unrecognised">What the target does not understand of it.</param>
/// <param name="Time">What its clock is set by and how it takes its times; null where it was not told.</param>
/// <param name="Access">The report on the access network as it came back; null where it didn't.</param>
public readonly record struct SoundingTlvs(
    StampTlvSet Asked, StampTlvSet Unrecognised, StampTimestampInformation? Time, StampAccessReport? Access);
