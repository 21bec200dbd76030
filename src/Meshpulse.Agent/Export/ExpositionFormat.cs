namespace Meshpulse.Agent.Export;

/// <summary>The two text formats that scrapers ask for.</summary>
public enum ExpositionFormat
{
    /// <summary>Prometheus text format 0.0.4 ("Exposition formats" in the Prometheus documentation).</summary>
    PrometheusText,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics,
}
