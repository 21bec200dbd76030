using System.Globalization;

namespace Meshpulse.Agent.Export;

/// <summary>
/// What the program says about itself: its build, and the pauses of its garbage collector, which look like a stalled host to the
/// peers and are therefore published beside what they might explain.
/// </summary>
public static class RuntimeFamilies
{
    /// <summary>Writes <c>meshpulse_build_info</c>.</summary>
    /// <param name="writer">The page.</param>
    /// <param name="version">The program's version.</param>
    public static void WriteBuild(ExpositionWriter writer, string version)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Family("meshpulse_build", MetricKind.Info, "The version that runs.");
        writer.Info(new Label("version", version));
    }

    /// <summary>
    /// Writes <c>meshpulse_gc_pause_seconds_total</c> and <c>meshpulse_gc_collections_total{generation}</c>. As the runtime counts,
    /// a collection of an older generation is one of the younger ones too.
    /// </summary>
    public static void WriteGarbageCollector(ExpositionWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Family("meshpulse_gc_pause_seconds", MetricKind.Counter, "Time for which garbage collection stopped all threads.", "seconds");
        writer.Sample(GC.GetTotalPauseDuration().TotalSeconds);
        writer.Family(
            "meshpulse_gc_collections",
            MetricKind.Counter,
            "Garbage collections; one of an older generation counts for the younger ones too.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            writer.Sample(GC.CollectionCount(generation), new Label("generation", generation.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
