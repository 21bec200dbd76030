using Meshpulse.Agent.Export;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Time;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Agent.Hosting;

/// <summary>The metrics of the checks. All of them are described in docs/metrics.md.</summary>
internal static class CheckFamilies
{
    private static readonly double[] s_bounds = [.. ProbeSeries.Bounds.Select(b => b / 1e9)];

    private static readonly string[] s_decisions =
        ["answered", "too_short", "magic", "version", "type", "response", "source", "source_limit", "total_limit"];

    /// <summary>Writes the pairs' figures; the series must not change meanwhile.</summary>
    /// <param name="writer">The page.</param>
    /// <param name="series">The pairs.</param>
    /// <param name="isFull">All of STAMP's too; else what seldom happens only where it did, and no latency, which its path has by better times.</param>
    public static void WriteProbes(ExpositionWriter writer, IReadOnlyList<ProbeSeries> series, bool isFull = false)
    {
        var rows = series.Select(s => new Row(s, LabelsOf(s.Definition), isFull || s.Definition.Kind != CheckKind.Stamp)).ToList();
        Counter(writer, rows, "meshpulse_probes_sent", "Probes that left this host.", t => t.Sent);
        Counter(writer, rows, "meshpulse_probes_answered", "Probes answered within their timeout.", t => t.Answered);
        Counter(writer, rows, "meshpulse_probes_lost", "Probes whose timeout passed without an answer, those included that were answered later.", t => t.Lost);
        Counter(writer, rows, "meshpulse_probes_late", "Probes of those lost that were answered after all.", t => t.Late);
        Seldom(writer, rows, "meshpulse_probes_duplicate", "Further answers to a probe that was answered.", t => t.Duplicate);
        Seldom(writer, rows, "meshpulse_probes_unknown", "Answers to a probe that was never sent or is long forgotten.", t => t.Unknown);
        Seldom(writer, rows, "meshpulse_probe_icmp_errors", "ICMP errors that came about probes.", t => t.IcmpErrors);
        writer.Family("meshpulse_probes_unsent", MetricKind.Counter, "Probes that were due and not sent, by reason; they are not loss.");
        foreach (var row in rows)
        {
            row.Sample(writer, row.Series.Totals.UnsentLate, new Label("reason", "late"));
            row.Sample(writer, row.Series.Totals.UnsentBackpressure, new Label("reason", "backpressure"));
            row.Sample(writer, row.Series.Totals.UnsentRefused, new Label("reason", "refused"));
            row.Sample(writer, row.Series.Totals.UnsentUnresolved, new Label("reason", "unresolved"));
        }

        writer.Family("meshpulse_probes_sent_late", MetricKind.Counter, "Probes sent later than half an interval after they were due.");
        foreach (var row in rows)
        {
            row.Sample(writer, row.Series.SentLate);
        }

        writer.Family("meshpulse_probe_latency_seconds", MetricKind.Histogram, "Time to the answer, late answers included.", "seconds");
        foreach (var row in rows.Where(r => r.IsFull))
        {
            BucketSamples.Write(writer, s_bounds, 1e9, row.Series.Latency, row.Labels);
        }

        WriteFetches(writer, [.. rows.Where(r => r.Series.Http is not null).Select(r => (r.Series.Http!, r.Labels))]);
    }

    /// <summary>Writes what concerns all pairs; from any thread.</summary>
    public static void WriteService(ExpositionWriter writer, CheckService checks, CheckDriver driver, CheckOutbox outbox)
    {
        writer.Family("meshpulse_maintenance", MetricKind.Gauge, "1 in maintenance mode, else 0. Counters go on counting.");
        writer.Sample(checks.Book.IsMaintenance ? 1 : 0);
        writer.Family("meshpulse_probe_strays", MetricKind.Counter, "What came to probing sockets and is nobody's answer.");
        writer.Sample(outbox.CountOf(StrayKind.WrongAddress), new Label("reason", "wrong_address"));
        writer.Sample(outbox.CountOf(StrayKind.Malformed), new Label("reason", "malformed"));
        writer.Family("meshpulse_receive_queue_drops", MetricKind.Counter, "Datagrams that our own receive queues dropped; what is lost here is ours.");
        writer.Sample(driver.Drops.Probes, new Label("queue", "probes"));
        writer.Sample(driver.Drops.Reflector, new Label("queue", "reflector"));
        writer.Family("meshpulse_reflector_datagrams", MetricKind.Counter, "Datagrams that came to the reflector, by what became of them.");
        for (var decision = UdpPingDecision.Answer; decision <= UdpPingDecision.TotalLimit; decision++)
        {
            writer.Sample(driver.Responder.CountOf(decision), new Label("decision", s_decisions[(int)decision]));
        }

        writer.Family("meshpulse_reflector_unsent", MetricKind.Counter, "Answers that this host refused to send.");
        writer.Sample(driver.ReflectorUnsent);
        WriteAnalyses(writer, checks);
        WriteConfiguration(writer, checks);
    }

    private static void WriteFetches(ExpositionWriter writer, IReadOnlyList<(HttpFigures Http, Label[] Labels)> rows)
    {
        writer.Family("meshpulse_http_phase_seconds", MetricKind.Gauge, "Phases of the latest fetch; those that did not take place are missing.", "seconds");
        foreach (var (http, labels) in rows)
        {
            Phase(writer, labels, "resolve", http.Resolve);
            Phase(writer, labels, "connect", http.Connect);
            Phase(writer, labels, "tls", http.Tls);
            Phase(writer, labels, "first_byte", http.FirstByte);
            Phase(writer, labels, "total", http.Total);
        }

        writer.Family("meshpulse_http_status", MetricKind.Gauge, "Status of the latest answer; missing where none came.");
        foreach (var (http, labels) in rows.Where(r => r.Http.Status is not null))
        {
            writer.Sample(http.Status!.Value, labels);
        }

        writer.Family("meshpulse_http_certificate_days", MetricKind.Gauge, "Whole days until the server's certificate ends, negative where it has.");
        foreach (var (http, labels) in rows.Where(r => r.Http.CertificateDays is not null))
        {
            writer.Sample(http.CertificateDays!.Value, labels);
        }
    }

    private static void Phase(ExpositionWriter writer, Label[] labels, string phase, Duration? length)
    {
        if (length is { } known)
        {
            writer.Sample(known.Seconds, [.. labels, new Label("phase", phase)]);
        }
    }

    private static void WriteAnalyses(ExpositionWriter writer, CheckService checks)
    {
        var counts = checks.Analyses;
        writer.Family("meshpulse_analyses_running", MetricKind.Gauge, "Commands of analyses that run now.");
        writer.Sample(counts.Running);
        writer.Family("meshpulse_analyses_started", MetricKind.Counter, "Commands of analyses that were started.");
        writer.Sample(counts.Started);
        writer.Family("meshpulse_analyses_failed", MetricKind.Counter, "Those that could not be started, were ended, or returned anything but 0.");
        writer.Sample(counts.Failed);
        var (sent, errors) = checks.AgentDatagrams;
        writer.Family("meshpulse_agent_datagrams", MetricKind.Counter, "Datagrams to the metrics agent, by outcome.");
        writer.Sample(sent, new Label("outcome", "sent"));
        writer.Sample(errors, new Label("outcome", "failed"));
    }

    private static void WriteConfiguration(ExpositionWriter writer, CheckService checks)
    {
        if (checks.Watch is not { } watch)
        {
            return;
        }

        writer.Family("meshpulse_config_last_reload_successful", MetricKind.Gauge, "1 while what stands in the configuration's file is in force, 0 while it is refused.");
        writer.Sample(watch.LastReloadSuccessful ? 1 : 0);
        writer.Family("meshpulse_config_last_reload_success_timestamp_seconds", MetricKind.Gauge, "When what is in force was taken.", "seconds");
        writer.Sample(watch.LastSuccess.Nanoseconds / 1e9);
        writer.Family("meshpulse_config_reloads", MetricKind.Counter, "Readings of the configuration's file after the first, by outcome.");
        writer.Sample(watch.Reloads, new Label("outcome", "taken"));
        writer.Sample(watch.Refusals, new Label("outcome", "refused"));
    }

    private static void Counter(ExpositionWriter writer, List<Row> rows, string name, string help, Func<ProbeTotals, long> pick)
    {
        writer.Family(name, MetricKind.Counter, help);
        foreach (var row in rows)
        {
            writer.Sample(pick(row.Series.Totals), row.Labels);
        }
    }

    private static void Seldom(ExpositionWriter writer, List<Row> rows, string name, string help, Func<ProbeTotals, long> pick)
    {
        writer.Family(name, MetricKind.Counter, help);
        foreach (var row in rows)
        {
            row.Sample(writer, pick(row.Series.Totals));
        }
    }

    /// <summary>What tells two probes of one kind and pair apart comes with those kinds alone.</summary>
    internal static Label[] LabelsOf(ProbeDefinition probe)
    {
        Label[] labels =
        [
            new("source", probe.From.Name),
            new("target", probe.To.Name),
            new("check", CheckKinds.NameOf(probe.Kind)),
            new("source_datacenter", DatacenterPrefixes.NameOf(probe.From.Datacenter)),
            new("target_datacenter", DatacenterPrefixes.NameOf(probe.To.Datacenter)),
        ];
        return probe.Kind switch
        {
            CheckKind.Tcp or CheckKind.Stamp => [.. labels, new("port", probe.Target.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))],
            CheckKind.Http => [.. labels, new("url", probe.Url!)],
            _ => labels,
        };
    }

    /// <param name="IsFull">A counter that is 0 is served too.</param>
    private sealed record Row(ProbeSeries Series, Label[] Labels, bool IsFull)
    {
        public void Sample(ExpositionWriter writer, long count, params Label[] more)
        {
            if (IsFull || count > 0)
            {
                writer.Sample(count, [.. Labels, .. more]);
            }
        }
    }
}
