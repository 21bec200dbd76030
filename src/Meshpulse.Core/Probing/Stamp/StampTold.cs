using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.Stamp;

/// <summary>What a reply's optional TLVs say (<see cref="StampTlvSet.Optional"/>); null for what they don't.</summary>
public readonly record struct StampTold
{
    /// <summary>Between which addresses and ports the request arrived; the ports, or the addresses, alone may be told.</summary>
    public StampLocation? Location { get; init; }

    /// <summary>What the reflector's clock is set by and how it takes its times; a part may be left open.</summary>
    public StampTimestampInformation? Time { get; init; }

    /// <summary>Both ends' counters. A reflector that keeps none says zero, which is taken for nothing said.</summary>
    public StampDirectMeasurement? Direct { get; init; }

    /// <summary>The report as it came back.</summary>
    public StampAccessReport? Access { get; init; }

    /// <summary>What was asked and not understood: it came back with the U flag (RFC 8972, section 4).</summary>
    public StampTlvSet Unrecognised { get; init; }

    /// <summary>This and what a later reply says: of two that say the same thing differently the later one holds.</summary>
    public StampTold With(in StampTold later) => new()
    {
        Location = later.Location ?? Location,
        Time = later.Time ?? Time,
        Direct = later.Direct ?? Direct,
        Access = later.Access ?? Access,
        Unrecognised = later.Unrecognised | Unrecognised,
    };
}
