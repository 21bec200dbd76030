using Meshpulse.Agent.Export;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Paths;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Agent.Vitals;

namespace Meshpulse.Agent.Hosting;

/// <summary>The whole page: what the agent measures, and before all what it says about itself. docs/metrics.md has every family.</summary>
internal sealed class AgentFamilies(
    AgentOptions options,
    ProbeEngine engine,
    Collector collector,
    ProbeOutbox outbox,
    CheckService? checks,
    StampReflectors? stamp,
    PathBook? paths,
    StampReport stamps,
    VitalsService vitals,
    AgentDiagnosis? diagnosis,
    AgentHistory? history)
{
    private readonly ProcessFamilies _process = new();

    /// <summary>Writes one exposition.</summary>
    public void Write(ExpositionWriter writer)
    {
        RuntimeFamilies.WriteBuild(writer, options.Version);
        collector.Read((peers, state) =>
        {
            if (options.Mesh is { } mesh)
            {
                MeshFamilies.Write(writer, mesh.Self, peers, state);
            }

            if (checks is not null)
            {
                CheckFamilies.WriteProbes(writer, checks.Book.Series, options.FullMetrics);
            }

            if (paths is not null)
            {
                new PathFamilies(writer, options.FullMetrics).Write(paths);
            }

            WriteOwn(writer);
        });
        if (engine.Mesh is { } driver)
        {
            MeshFamilies.WriteCounters(writer, driver.Node.Counters);
        }

        if (checks is not null)
        {
            CheckFamilies.WriteService(writer, checks, engine.Checks!, outbox.Checks);
        }

        if (engine.Paths is { } probing && outbox.Paths is { } told)
        {
            PathFamilies.WriteOwn(writer, probing, told);
        }

        if (stamp is not null)
        {
            writer.Family("meshpulse_stamp_reflector_up", MetricKind.Gauge, "1 while STAMP is answered wherever it is to be, 0 where a port could not be had.");
            writer.Sample(stamp.IsUp ? 1 : 0);
            StampFamilies.WriteReflector(writer, stamp.Counts);
        }

        diagnosis?.Write(writer);
        history?.Write(writer);
        vitals.Read(totals => HostFamilies.Write(writer, totals));
        RuntimeFamilies.WriteGarbageCollector(writer);
        _process.Write(writer);
    }

    private void WriteOwn(ExpositionWriter writer)
    {
        writer.Family("meshpulse_wakeup_error_seconds", MetricKind.Histogram, "How late the probing thread woke up.", "seconds");
        MeshFamilies.WriteHistogram(writer, collector.WakeErrors.Buckets);
        writer.Family("meshpulse_wakeup_error_window_seconds", MetricKind.Gauge, "Percentiles of how late the probing thread woke up in the last report window.", "seconds");
        foreach (var (percentile, lateness) in collector.WakeErrors.LastWindow)
        {
            writer.Sample(lateness.Seconds, new Label("percentile", percentile));
        }

        writer.Family("meshpulse_samples_dropped", MetricKind.Counter, "Measurements lost because the collector was too slow.");
        writer.Sample(outbox.Samples.Dropped);
        writer.Family("meshpulse_wakeups", MetricKind.Counter, "Times that the probing thread woke up.");
        writer.Sample(engine.Wakeups);
        writer.Family("meshpulse_events_dropped", MetricKind.Counter, "Events lost because the collector was too slow.");
        writer.Sample(outbox.Events.Dropped + outbox.Gaps.Dropped);
        writer.Family("meshpulse_receive_stamps", MetricKind.Counter, "Reads by who stamped the arrival: the kernel, or the reader's own clock.");
        writer.Sample(engine.Stamps.Kernel, new Label("source", "kernel"));
        writer.Sample(engine.Stamps.User, new Label("source", "user"));
        stamps.Write(writer);
        WriteScheduling(writer);
        writer.Family("meshpulse_probing_allocated_bytes", MetricKind.Counter, "Managed memory that the probing thread has allocated.", "bytes");
        writer.Sample(engine.AllocatedBytes);
        writer.Family("meshpulse_tuning_applied", MetricKind.Gauge, "1 where the system granted what makes the probing thread punctual, 0 where it refused.");
        foreach (var (what, result) in engine.Tuning.Items)
        {
            writer.Sample(result.Applied ? 1 : 0, new Label("what", what));
        }
    }

    /// <summary>What our own scheduling and system calls did to the figures, beside the wake-ups.</summary>
    private void WriteScheduling(ExpositionWriter writer)
    {
        writer.Family("meshpulse_send_call_seconds", MetricKind.Histogram, "Time in the system calls that send, of one in 61.", "seconds");
        engine.Mesh?.Transport.SendCalls.Delays.Write(writer, new Label("what", "heartbeats"));
        engine.Checks?.Traffic.SendCalls.Delays.Write(writer, new Label("what", "probes"));
        engine.Paths?.Traffic.SendCalls.Delays.Write(writer, new Label("what", "paths"));
        writer.Family("meshpulse_receive_to_read_seconds", MetricKind.Histogram, "Time from the kernel's receive stamp to our reading.", "seconds");
        engine.Checks?.Traffic.ReadDelays.Write(writer, new Label("queue", "probes"));
        engine.Checks?.ReflectorDelays.Write(writer, new Label("queue", "reflector"));
        engine.Paths?.Traffic.ReadDelays.Write(writer, new Label("queue", "paths"));
    }
}
