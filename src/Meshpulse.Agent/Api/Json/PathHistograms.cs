namespace Meshpulse.Agent.Api.Json;

/// <summary>Delays of a span: pairs of a bucket's upper end in us and how many were in it; empty buckets are left out.</summary>
/// <param name="Forward">There.</param>
/// <param name="Backward">Back.</param>
/// <param name="RoundTrip">There and back.</param>
public sealed record PathHistograms(
    IReadOnlyList<IReadOnlyList<double>> Forward,
    IReadOnlyList<IReadOnlyList<double>> Backward,
    IReadOnlyList<IReadOnlyList<double>> RoundTrip);
