using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Console;

/// <summary>
/// A report as lines of JSON, one object each, in the order of <see cref="CheckLines"/>. An object of a type has always the same
/// members; what is not known is null. Latencies are microseconds with their fraction.
/// </summary>
public static class CheckJson
{
    private static readonly CheckKind[] s_kinds = Enum.GetValues<CheckKind>();

    // Relaxed: the lines go to a program or a terminal, not into HTML, and a URL should be readable. Control characters are
    // escaped all the same.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The lines as one block, each with its line feed; empty for a report without pairs.</summary>
    public static string Format(CheckReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, s_options);
        foreach (var kind in s_kinds)
        {
            foreach (var pair in report.Pairs.Where(pair => pair.Probe.Kind == kind))
            {
                WriteServer(json, report, pair);
                EndLine(json, bytes);
            }

            foreach (var sum in report.Datacenters.Where(sum => sum.Kind == kind))
            {
                WriteDatacenter(json, report, sum);
                EndLine(json, bytes);
            }
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>A note as a line with its line feed.</summary>
    public static string Format(CheckNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, s_options);
        json.WriteStartObject();
        json.WriteString("type", "note");
        json.WriteString("at", ReportTime.Json(note.At));
        json.WriteString("text", note.Text);
        json.WriteBoolean("detail", note.IsDetail);
        json.WriteEndObject();
        EndLine(json, bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    // A JSON writer writes one value; reset, it begins with the next one.
    private static void EndLine(Utf8JsonWriter json, ArrayBufferWriter<byte> bytes)
    {
        json.Flush();
        bytes.Write("\n"u8);
        json.Reset();
    }

    private static void WriteServer(Utf8JsonWriter json, CheckReport report, ProbeReport pair)
    {
        var probe = pair.Probe;
        WriteStart(json, "server", report.At, probe.Kind, probe.From.Name, probe.To.Name);
        json.WriteString("ip", pair.Address);
        if (CheckKinds.HasPort(probe.Kind))
        {
            json.WriteNumber("port", probe.Target.Port);
        }

        WriteFigures(json, report, pair.Window);
        WriteTotals(json, pair.Totals);
        if (probe.Kind == CheckKind.Http)
        {
            WriteHttp(json, probe.Url, pair.Http);
        }
        else if (probe.Kind == CheckKind.Stamp)
        {
            PathJson.Write(json, pair.Path);
        }

        json.WriteEndObject();
    }

    private static void WriteDatacenter(Utf8JsonWriter json, CheckReport report, DatacenterReport sum)
    {
        WriteStart(json, "datacenter", report.At, sum.Kind, sum.From, sum.To);
        WriteFigures(json, report, sum.Window);
        json.WriteEndObject();
    }

    private static void WriteStart(Utf8JsonWriter json, string type, WallTime at, CheckKind kind, string from, string to)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("at", ReportTime.Json(at));
        json.WriteString("check", CheckKinds.NameOf(kind));
        json.WriteString("from", from);
        json.WriteString("to", to);
    }

    private static void WriteFigures(Utf8JsonWriter json, CheckReport report, in WindowSums window)
    {
        json.WriteNumber("window_s", report.Window.Nanoseconds / 1_000_000_000m);
        json.WriteNumber("requests", window.Decided);
        json.WriteNumber("responses", window.Answered);
        json.WriteNumber("loss", window.Lost);
        JsonNumbers.WriteMicroseconds(json, "max_latency_us", window.Max);
        JsonNumbers.WriteMicroseconds(json, "min_latency_us", window.Min);
        json.WriteBoolean("maintenance", report.IsMaintenance);
    }

    private static void WriteTotals(Utf8JsonWriter json, in ProbeTotals totals)
    {
        json.WriteNumber("sent_total", totals.Sent);
        json.WriteNumber("answered_total", totals.Answered);
        json.WriteNumber("lost_total", totals.Lost);
        json.WriteNumber("late_total", totals.Late);
        json.WriteNumber("duplicate_total", totals.Duplicate);
        json.WriteNumber("unsent_total", totals.Unsent);
        json.WriteNumber("icmp_errors_total", totals.IcmpErrors);
    }

    private static void WriteHttp(Utf8JsonWriter json, string? url, HttpFigures? http)
    {
        json.WriteStartObject("http");
        json.WriteString("url", url);
        JsonNumbers.WriteNumber(json, "status", http?.Status);
        JsonNumbers.WriteMicroseconds(json, "resolve_us", http?.Resolve);
        JsonNumbers.WriteMicroseconds(json, "connect_us", http?.Connect);
        JsonNumbers.WriteMicroseconds(json, "tls_us", http?.Tls);
        JsonNumbers.WriteMicroseconds(json, "first_byte_us", http?.FirstByte);
        JsonNumbers.WriteMicroseconds(json, "total_us", http?.Total);
        JsonNumbers.WriteNumber(json, "certificate_days", http?.CertificateDays);
        json.WriteString("failure", http?.Failure);
        json.WriteEndObject();
    }
}
