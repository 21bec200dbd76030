using Meshpulse.Core.Checks;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Hosting;

/// <summary>What came of an HTTP fetch.</summary>
/// <param name="Probe">The probe's number.</param>
/// <param name="DecidedAt">When it ended.</param>
/// <param name="Figures">What it found.</param>
internal sealed record FetchOutcome(int Probe, MonoTime DecidedAt, HttpFigures Figures);
