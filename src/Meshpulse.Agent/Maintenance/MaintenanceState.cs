using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Maintenance;

/// <summary>Whether this is maintenance.</summary>
/// <param name="IsOn">True in maintenance: no analysis starts, and metrics send no loss.</param>
/// <param name="Reason">Why, in one line without control characters; null where nobody said.</param>
/// <param name="Since">When it was switched on; null where the file does not say.</param>
/// <param name="Until">When it ends by itself; null where it does not.</param>
public sealed record MaintenanceState(bool IsOn, string? Reason = null, WallTime? Since = null, WallTime? Until = null)
{
    /// <summary>No maintenance.</summary>
    public static MaintenanceState Off { get; } = new(false);

    /// <summary>Maintenance of which nothing more is known.</summary>
    public static MaintenanceState On { get; } = new(true);
}
