using System.Text.Json;

namespace Meshpulse.Lab.Paths;

/// <summary>A line of <c>--json</c> of a STAMP check: what its member <c>path</c> says.</summary>
internal sealed class PathReading
{
    private readonly JsonElement _json;

    private PathReading(JsonElement line) => (At, _json) = (line.GetProperty("at").GetDateTimeOffset(), line.GetProperty("path"));

    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The flows: source port, code point, sent, answered and lost in the last second.</summary>
    public IReadOnlyList<(int SourcePort, int Dscp, long Sent, long Answered, long Lost)> Flows =>
        [.. _json.GetProperty("flows").EnumerateArray().Select(flow => (
            flow.GetProperty("source_port").GetInt32(),
            flow.GetProperty("dscp").GetInt32(),
            flow.GetProperty("sent").GetInt64(),
            flow.GetProperty("answered").GetInt64(),
            new[] { "lost_forward", "lost_backward", "lost_unknown" }.Sum(name => flow.GetProperty(name).GetInt64())))];

    /// <summary>A number of the object; null where it is not known.</summary>
    public double? this[string name] => Number(_json.GetProperty(name));

    /// <summary>A number of one of its objects, as in <c>("forward_us", "p50")</c>.</summary>
    public double? this[string name, string figure] => Number(_json.GetProperty(name).GetProperty(figure));

    /// <summary>All that a program has printed of its STAMP checks to a target.</summary>
    public static IEnumerable<PathReading> Read(IEnumerable<string> lines, string target)
    {
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.GetProperty("type").GetString() == "server" && root.GetProperty("check").GetString() == "stamp" && root.GetProperty("to").GetString() == target)
            {
                yield return new PathReading(root.Clone());
            }
        }
    }

    /// <inheritdoc />
    public override string ToString() => _json.GetRawText();

    private static double? Number(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : json.GetDouble();
}
