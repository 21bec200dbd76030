using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.Stamp;

/// <summary>The TLVs of RFC 8972 by which a request asks something; bit n is the type n.</summary>
[Flags]
public enum StampTlvSet
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Between which addresses and ports the request arrived (section 4.2).</summary>
    Location = 1 << StampTlvType.Location,

    /// <summary>Where the reflector's time comes from (section 4.3).</summary>
    TimestampInformation = 1 << StampTlvType.TimestampInformation,

    /// <summary>The code point with which the request arrived, and the one that the reply shall have (section 4.4).</summary>
    ClassOfService = 1 << StampTlvType.ClassOfService,

    /// <summary>The reflector's counters (section 4.5).</summary>
    DirectMeasurement = 1 << StampTlvType.DirectMeasurement,

    /// <summary>A report on an access network, which the reflector gives back (section 4.6).</summary>
    AccessReport = 1 << StampTlvType.AccessReport,

    /// <summary>The kernel's time of an earlier reply (section 4.7).</summary>
    FollowUpTelemetry = 1 << StampTlvType.FollowUpTelemetry,

    /// <summary>Those that are sent only where somebody wants them: the other two go with every request that has room.</summary>
    Optional = Location | TimestampInformation | DirectMeasurement | AccessReport,
}
