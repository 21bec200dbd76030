namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse maintenance</c> is to do.</summary>
public enum MaintenanceVerb
{
    /// <summary>Say how it is.</summary>
    Status,

    /// <summary>Switch it on.</summary>
    On,

    /// <summary>Switch it off.</summary>
    Off,
}
