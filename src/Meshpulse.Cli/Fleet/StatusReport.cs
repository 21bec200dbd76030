using System.Globalization;
using System.Text;
using System.Text.Json;
using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Diagnosis;

namespace Meshpulse.Cli.Fleet;

/// <summary>
/// One line and an exit code for monitoring systems, by the plugin convention of Nagios and its heirs: 0 ok, 1 warning, 2 critical, 3 unknown, figures
/// behind a bar. What is not measured is unknown, not fine: a node that knows no other, or that is sick itself, does not say ok.
/// </summary>
public sealed class StatusReport
{
    private const int MostNamed = 5;

    private static readonly string[] s_words = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];

    private readonly List<VerdictEntry> _inForce;
    private readonly string _node;
    private readonly int _nodes;
    private readonly int _up;

    private StatusReport(StatusCode code, string node, List<VerdictEntry> inForce, int nodes, int up) =>
        (Code, _node, _inForce, _nodes, _up) = (code, node, inForce, nodes, up);

    /// <summary>The exit code.</summary>
    public StatusCode Code { get; }

    /// <summary>What a node's answers come to.</summary>
    public static StatusReport Of(VerdictDocument verdicts, NodesDocument nodes)
    {
        ArgumentNullException.ThrowIfNull(verdicts);
        ArgumentNullException.ThrowIfNull(nodes);
        var inForce = VerdictUrgency.InForce(verdicts);
        var up = nodes.Nodes.Count(n => n.Name == nodes.Self || n.State == "up");
        var worst = inForce.Count > 0 ? VerdictUrgency.Of(inForce[0]) : VerdictSeverity.Info;
        var isBlind = nodes.Nodes.Count < 2 || inForce.Any(v => v.What == VerdictKinds.IdOf(VerdictKind.ObserverSick) && v.Where.Host == nodes.Self);
        var code = (worst, isBlind) switch
        {
            (VerdictSeverity.Critical, _) => StatusCode.Critical,
            (_, true) => StatusCode.Unknown,
            (VerdictSeverity.Warning, _) => StatusCode.Warning,
            _ => StatusCode.Ok,
        };
        return new StatusReport(code, verdicts.Node, inForce, nodes.Nodes.Count, up);
    }

    /// <summary>The line of a node that could not be asked.</summary>
    public static string Unreachable(string why) => $"{s_words[(int)StatusCode.Unknown]}: {SingleLine.Of(why)}\n";

    /// <summary>The same as JSON.</summary>
    public static string UnreachableJson(string why) => Written(json =>
    {
        WriteCode(json, StatusCode.Unknown);
        json.WriteString("error", why);
    });

    /// <summary>The line.</summary>
    public string Text()
    {
        var text = new StringBuilder(s_words[(int)Code]).Append(": ");
        var named = _inForce.Take(MostNamed).Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.What} {PlaceOf(v.Where)} since {ReportTime.Text(v.Since)} UTC ({Math.Floor(v.Confidence * 100):0}% sure)"));
        text.Append((_inForce.Count, _nodes) switch
        {
            (0, < 2) => "no other node is known, nothing is measured",
            (0, _) => "nothing is wrong",
            _ => string.Join("; ", named),
        });
        text.Append(_inForce.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {_inForce.Count - MostNamed} more") : "");
        text.Append(CultureInfo.InvariantCulture, $"; {_up} of {_nodes} nodes heard by {_node}");

        // The bar begins the figures: no name may bring one of its own.
        text.Replace('|', '/');
        text.Append(CultureInfo.InvariantCulture, $" | nodes={_nodes} up={_up} critical={Count(VerdictSeverity.Critical)} warning={Count(VerdictSeverity.Warning)} info={Count(VerdictSeverity.Info)}");
        return SingleLine.Of(text.ToString()) + "\n";
    }

    /// <summary>The same as one JSON object with a line feed behind it.</summary>
    public string Json() => Written(json =>
    {
        WriteCode(json, Code);
        json.WriteString("node", _node);
        json.WriteNumber("nodes", _nodes);
        json.WriteNumber("up", _up);
        json.WriteStartArray("verdicts");
        _inForce.ForEach(verdict => Write(json, verdict));
        json.WriteEndArray();
    });

    private static string Written(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", SliceBatch.CurrentVersion);
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteCode(Utf8JsonWriter json, StatusCode code)
    {
        json.WriteString("status", s_words[(int)code].ToLowerInvariant());
        json.WriteNumber("code", (int)code);
    }

    private static void Write(Utf8JsonWriter json, VerdictEntry verdict)
    {
        json.WriteStartObject();
        json.WriteString("id", verdict.Id);
        json.WriteString("what", verdict.What);
        json.WriteString("where", PlaceOf(verdict.Where));
        json.WriteString("severity", VerdictUrgency.Of(verdict).ToString().ToLowerInvariant());
        json.WriteString("since", ReportTime.Json(verdict.Since));
        json.WriteNumber("confidence", verdict.Confidence);
        json.WriteEndObject();
    }

    private int Count(VerdictSeverity severity) => _inForce.Count(v => VerdictUrgency.Of(v) == severity);

    private static string PlaceOf(VerdictWhere where) => where.ToPlace()?.ToString() ?? where.Kind;
}
