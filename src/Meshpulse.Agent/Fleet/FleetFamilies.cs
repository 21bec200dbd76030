using Meshpulse.Agent.Api;
using Meshpulse.Agent.Export;
using Meshpulse.Core.Diagnosis;

namespace Meshpulse.Agent.Fleet;

/// <summary>The metrics of the diagnosis and of what nodes tell each other; docs/metrics.md describes them.</summary>
internal static class FleetFamilies
{
    /// <summary>The most verdicts that have a series at once.</summary>
    public const int MaxActive = 200;

    private const int LongestPlace = 255;

    /// <summary>Writes them; from any thread.</summary>
    public static void Write(ExpositionWriter writer, DiagnosisService diagnosis, ApiGate? api)
    {
        WriteVerdicts(writer, diagnosis);
        writer.Family("meshpulse_diagnosis_failures", MetricKind.Counter, "Times that the diagnosis itself failed: a defect.");
        writer.Sample(diagnosis.Failures);
        if (diagnosis.Reader is { } reader)
        {
            WriteReader(writer, diagnosis, reader);
        }

        if (api is not null)
        {
            writer.Family("meshpulse_api_requests", MetricKind.Counter, "Requests for what is under /api/v1/, by what became of them.");
            foreach (var (outcome, count) in api.Requests)
            {
                writer.Sample(count, new Label("outcome", outcome));
            }
        }
    }

    private static void WriteVerdicts(ExpositionWriter writer, DiagnosisService diagnosis)
    {
        writer.Family("meshpulse_verdict_active", MetricKind.Gauge, "1 for each verdict in force; the 200 that began last.");
        var active = diagnosis.Verdicts.Where(v => v.Until is null)
            .Select(v => (What: VerdictKinds.IdOf(v.What), Where: PlaceOf(v)))
            .Distinct()
            .TakeLast(MaxActive);
        foreach (var (what, where) in active)
        {
            writer.Sample(1, new Label("verdict", what), new Label("where", where));
        }

        writer.Family("meshpulse_verdicts", MetricKind.Counter, "Verdicts that began, by what they say.");
        foreach (var kind in Enum.GetValues<VerdictKind>())
        {
            writer.Sample(diagnosis.Begun(kind), new Label("verdict", VerdictKinds.IdOf(kind)));
        }
    }

    private static string PlaceOf(Verdict verdict)
    {
        var place = verdict.Where.ToString();
        return place.Length <= LongestPlace ? place : place[..(LongestPlace - 3)] + "...";
    }

    private static void WriteReader(ExpositionWriter writer, DiagnosisService diagnosis, FleetReader reader)
    {
        writer.Family("meshpulse_slices_received", MetricKind.Counter, "Slices of peers that came.");
        writer.Sample(reader.Received);
        writer.Family("meshpulse_slices_dropped", MetricKind.Counter, "Slices of peers that were lost because the diagnosis was too slow.");
        writer.Sample(diagnosis.Dropped);
        writer.Family("meshpulse_peers_asked", MetricKind.Gauge, "Peers that are asked for their slices.");
        writer.Sample(reader.Asked);
        writer.Family("meshpulse_peers_answering", MetricKind.Gauge, "Those of them that answered the last time.");
        writer.Sample(reader.Answering);
        writer.Family("meshpulse_slice_requests", MetricKind.Counter, "Requests to peers for their slices, by what became of them.");
        foreach (var (outcome, count) in reader.Outcomes)
        {
            writer.Sample(count, new Label("outcome", LabelOf(outcome)));
        }
    }

    private static string LabelOf(AskOutcome outcome) => outcome switch
    {
        AskOutcome.Answered => "answered",
        AskOutcome.Unreachable => "unreachable",
        AskOutcome.Broken => "broken",
        AskOutcome.Absent => "absent",
        AskOutcome.Refused => "refused",
        _ => "wrong",
    };
}
