namespace Meshpulse.Agent.Export;

/// <summary>What a family's samples mean.</summary>
public enum MetricKind
{
    /// <summary>A value that goes up and down.</summary>
    Gauge,

    /// <summary>A sum that only grows; declared by its base name, sampled as <c>name_total</c>.</summary>
    Counter,

    /// <summary>Cumulative buckets with sum and count, written by <see cref="ExpositionWriter.Histogram"/>.</summary>
    Histogram,

    /// <summary>
    /// Facts in labels, with the value 1; declared by its base name, sampled as <c>name_info</c>. Prometheus text has no
    /// such type and calls it a gauge.
    /// </summary>
    Info,
}
