using Meshpulse.Agent.Export;

namespace Meshpulse.Agent.Reflecting;

/// <summary>The metrics of a standalone reflector, and those of its part of an agent's page. All of them are described in docs/metrics.md.</summary>
internal sealed class StampFamilies(string version, Func<StampReflectorCounts> counts)
{
    private readonly ProcessFamilies _process = new();

    /// <summary>Writes one exposition; from any thread.</summary>
    public void Write(ExpositionWriter writer)
    {
        RuntimeFamilies.WriteBuild(writer, version);
        WriteReflector(writer, counts());
        RuntimeFamilies.WriteGarbageCollector(writer);
        _process.Write(writer);
    }

    /// <summary>Writes what a reflector did, or several together.</summary>
    public static void WriteReflector(ExpositionWriter writer, StampReflectorCounts now)
    {
        writer.Family("meshpulse_stamp_packets", MetricKind.Counter, "Packets that came to the STAMP reflector, by what became of them.");
        foreach (var (decision, count) in now.Decisions)
        {
            writer.Sample(count, new Label("decision", StampReflectorCounts.LabelOf(decision)));
        }

        writer.Family("meshpulse_stamp_sessions", MetricKind.Gauge, "Sessions that the STAMP reflector remembers.");
        writer.Sample(now.Sessions);
        writer.Family("meshpulse_stamp_sessions_forgotten", MetricKind.Counter, "Sessions forgotten, by reason: idle, or to make room for others.");
        writer.Sample(now.SessionsExpired, new Label("reason", "idle"));
        writer.Sample(now.SessionsEvicted, new Label("reason", "room"));
        writer.Family("meshpulse_stamp_unsent", MetricKind.Counter, "Replies of the STAMP reflector that this host refused to send.");
        writer.Sample(now.Unsent);
        writer.Family("meshpulse_stamp_receive_queue_drops", MetricKind.Counter, "Packets that the STAMP reflector's own receive queues dropped.");
        writer.Sample(now.Drops);
        writer.Family("meshpulse_stamp_times", MetricKind.Counter, "Times of the STAMP reflector, by what and whose clock.");
        writer.Sample(now.KernelStamps, new Label("what", "received"), new Label("source", "kernel"));
        writer.Sample(now.UserStamps, new Label("what", "received"), new Label("source", "user"));
        writer.Sample(now.SendStamps, new Label("what", "sent"), new Label("source", "kernel"));
    }
}
