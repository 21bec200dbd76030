using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Ping;

/// <summary>One outcome with its time.</summary>
/// <param name="Outcome">What it is.</param>
/// <param name="Latency">From send to arrival; zero for what never arrived or was never sent.</param>
/// <param name="DecidedAt">
/// When the request was decided: on arrival, or when its time-out passed. Where a loss is taken back the moment at which it
/// was counted, so that it can be taken back there.
/// </param>
/// <param name="TakesBackLoss">The request had been counted as lost at <paramref name="DecidedAt"/>, and is not.</param>
public readonly record struct PingDecision(PingOutcome Outcome, Duration Latency, MonoTime DecidedAt, bool TakesBackLoss = false);
