namespace Meshpulse.Agent.Api.Json;

/// <summary>Delays step by step, in us; null where there were none.</summary>
/// <param name="P50Us">The middle.</param>
/// <param name="P90Us">What one of ten exceeded.</param>
/// <param name="P99Us">What one of a hundred exceeded.</param>
/// <param name="MaxUs">The longest.</param>
public sealed record DelaySeries(IReadOnlyList<double?> P50Us, IReadOnlyList<double?> P90Us, IReadOnlyList<double?> P99Us, IReadOnlyList<double?> MaxUs);
