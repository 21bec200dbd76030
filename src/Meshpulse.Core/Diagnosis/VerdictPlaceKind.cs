namespace Meshpulse.Core.Diagnosis;

/// <summary>Of what sort the place of a verdict is.</summary>
public enum VerdictPlaceKind
{
    /// <summary>One host.</summary>
    Host,

    /// <summary>One direction between two hosts.</summary>
    Path,

    /// <summary>Both directions between two hosts.</summary>
    Pair,

    /// <summary>Some flows of one direction.</summary>
    Flows,

    /// <summary>A whole datacenter.</summary>
    Datacenter,

    /// <summary>One direction between two datacenters.</summary>
    DatacenterPath,

    /// <summary>Both directions between two datacenters.</summary>
    Datacenters,

    /// <summary>The mesh, in parts.</summary>
    Mesh,
}
