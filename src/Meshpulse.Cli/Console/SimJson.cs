using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Incidents;

namespace Meshpulse.Cli.Console;

/// <summary>What the simulator says for programs: one object on one line.</summary>
public static class SimJson
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sums by kind and of all, and every incident with its times.</summary>
    public static string Of(IReadOnlyCollection<IncidentScore> scores, ulong seed, int nodes)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, s_options))
        {
            json.WriteStartObject();
            json.WriteNumber("seed", seed);
            json.WriteNumber("nodes", nodes);
            json.WriteStartArray("kinds");
            foreach (var row in IncidentTable.Of(scores))
            {
                Write(json, row);
            }

            json.WriteEndArray();
            json.WriteStartArray("incidents");
            foreach (var score in scores)
            {
                Write(json, score);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, IncidentTable row)
    {
        json.WriteStartObject();
        json.WriteString("kind", row.Name);
        json.WriteNumber("drawn", row.Drawn);
        json.WriteNumber("found", row.Found);
        json.WriteNumber("named", row.Named);
        json.WriteNumber("false", row.Wrong);
        WriteSeconds(json, "p50_s", row.Median);
        WriteSeconds(json, "p99_s", row.P99);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IncidentScore score)
    {
        json.WriteStartObject();
        json.WriteString("kind", score.Name);
        json.WriteNumber("seed", score.Seed);
        json.WriteString("company", score.Company switch
        {
            Company.TwoAtOnce => "two_at_once",
            Company.SickObserver => "sick_observer",
            _ => "none",
        });
        json.WriteString("text", score.Text);
        json.WriteString("expected", score.Expected);
        json.WriteBoolean("found", score.IsFound);
        json.WriteBoolean("named", score.IsNamed);
        json.WriteStartObject("named_after_s");
        foreach (var (node, after) in score.Knowers)
        {
            WriteSeconds(json, node, after);
        }

        json.WriteEndObject();
        json.WriteStartArray("false");
        foreach (var (node, said, after) in score.Wrong)
        {
            json.WriteStartObject();
            json.WriteString("node", node);
            json.WriteString("said", said);
            WriteSeconds(json, "after_s", after);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, Duration? time)
    {
        if (time is { } known)
        {
            json.WriteNumber(name, Math.Round(known.Seconds, 3));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
