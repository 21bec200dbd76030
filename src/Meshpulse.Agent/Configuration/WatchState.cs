using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Configuration;

/// <summary>What became of the readings so far.</summary>
/// <param name="InForce">The latest reading that was not refused.</param>
/// <param name="IsSuccess">Whether what stands in the file, as far as it was looked at, is in force.</param>
/// <param name="LastSuccess">When <paramref name="InForce"/> was taken.</param>
/// <param name="Reloads">Readings that were taken, the first one not counted.</param>
/// <param name="Refusals">Readings that were refused.</param>
internal sealed record WatchState(LandscapeLoad InForce, bool IsSuccess, WallTime LastSuccess, long Reloads, long Refusals);
