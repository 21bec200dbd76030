using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Hosting;

/// <summary>What a reader of the series is given beside them.</summary>
/// <param name="Now">The time of the reading.</param>
/// <param name="Gaps">The latest gaps, oldest first; at most 1,024.</param>
internal sealed record CollectorState(MonoTime Now, IReadOnlyList<ReceiveGap> Gaps);
