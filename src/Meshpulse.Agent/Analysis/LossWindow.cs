using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Analysis;

/// <summary>What a report says of one pair.</summary>
/// <param name="Loss">Requests that were lost.</param>
/// <param name="Requests">Requests of the window.</param>
/// <param name="Length">How long the window is.</param>
public readonly record struct LossWindow(long Loss, long Requests, Duration Length);
