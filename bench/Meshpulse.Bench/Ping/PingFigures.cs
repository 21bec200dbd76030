namespace Meshpulse.Bench.Ping;

/// <summary>What a probing program measured of itself; wake-ups in microseconds late.</summary>
/// <param name="LateP50">Of the measurement in C, of the last whole window of ten seconds in the agent.</param>
/// <param name="LateP99">Likewise.</param>
/// <param name="LateP999">Likewise.</param>
/// <param name="Unsent">Probes that were due and not sent.</param>
/// <param name="Lost">Probes without an answer, which is the counterpart's or the queues' doing.</param>
/// <param name="Dropped">What its own receive queues had no room for: as much of the loss is its own.</param>
/// <param name="AllocatedBytes">What the agent's probing thread allocated.</param>
/// <param name="PageBytes">The agent's page of metrics; 0 for who has none.</param>
internal readonly record struct PingFigures(
    double LateP50, double LateP99, double LateP999, double Unsent, double Lost, double Dropped, double AllocatedBytes, double PageBytes);
