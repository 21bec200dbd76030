namespace Meshpulse.Agent.History;

/// <summary>A series of windows that the store has. The same path after a restart is the same series.</summary>
/// <param name="Id">Its number in this file.</param>
/// <param name="Name">What it is of.</param>
/// <param name="First">When its first window was written.</param>
/// <param name="Last">When its last window that was written began, within twenty seconds.</param>
public sealed record HistorySeries(int Id, SeriesName Name, Core.Time.WallTime First, Core.Time.WallTime Last);
