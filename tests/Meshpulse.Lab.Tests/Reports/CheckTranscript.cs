using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Meshpulse.Lab.Reports;

/// <summary>
/// A strict reader of what <c>meshpulse check</c> prints, written from the seed's document and from docs/. A line is one of figures to the
/// character, or a note; all else throws a FormatException, and so do figures that contradict one another.
/// </summary>
internal sealed partial class CheckTranscript
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";
    private const string Option = @"(None|Some\((0|[1-9]\d*)\))";

    private readonly List<CheckRow> _open = [];
    private DateTime _openAt;

    /// <summary>The reports in their order.</summary>
    public List<CheckWindow> Windows { get; } = [];

    /// <summary>The notes in their order, without their times.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Reads complete lines of text; a report that is still being written at their end is left out.</summary>
    public static CheckTranscript Read(IReadOnlyList<string> lines) => Read(lines, ReadLine);

    /// <summary>The same for the lines of <c>--json</c>; latencies are cut to whole microseconds, as the text has them.</summary>
    public static CheckTranscript ReadJson(IReadOnlyList<string> lines) => Read(lines, ReadJsonLine);

    private static CheckTranscript Read(IReadOnlyList<string> lines, Func<string, (DateTime At, CheckRow? Row, string Note)> read)
    {
        var transcript = new CheckTranscript();
        foreach (var line in lines)
        {
            var (at, row, note) = read(line);
            if (row is null)
            {
                transcript.Close();
                transcript.Notes.Add(note);
            }
            else
            {
                Require((row.Loss, row.Max is null, row.Min is null) == (row.Requests - row.Responses, row.Responses == 0, row.Responses == 0), line);
                Require(row is { Responses: >= 0, Loss: >= 0 } && !(row.Max < row.Min), line);
                transcript.Add(at, row, line);
            }
        }

        if (transcript.Windows is [.., var last] && last.Rows.Select(row => row.Key).SequenceEqual(transcript._open.Select(row => row.Key)))
        {
            transcript.Close();
        }

        return transcript;
    }

    private void Add(DateTime at, CheckRow row, string line)
    {
        if (_open.Exists(other => other.Key == row.Key))
        {
            Close();
        }

        // A report is one block: one time, servers before the datacenters of their kind, and the kinds one after the other.
        Require(_open.Count == 0 ? row.IsServer && (Windows is not [.., var last] || last.At <= at) : at == _openAt, line);
        if (_open is [.., var before])
        {
            Require(before.Check == row.Check ? before.IsServer || !row.IsServer : row.IsServer && !before.IsServer && !_open.Exists(other => other.Check == row.Check), line);
        }

        _openAt = at;
        _open.Add(row);
    }

    private void Close()
    {
        if (_open.Count > 0)
        {
            Windows.Add(new CheckWindow(_openAt, [.. _open]));
            _open.Clear();
        }
    }

    private static (DateTime At, CheckRow? Row, string Note) ReadLine(string line)
    {
        Require(line.Length > TimeFormat.Length + 1 && line[TimeFormat.Length] == ' ', line);
        Require(DateTime.TryParseExact(line[..TimeFormat.Length], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at), line);
        var text = line[(TimeFormat.Length + 1)..];
        if (FiguresLine().Match(text) is not { Success: true } match)
        {
            Require(!FiguresStart().IsMatch(text) && text.All(c => !char.IsControl(c)), line);
            return (at, null, text);
        }

        var check = match.Groups["check"].Success ? match.Groups["check"].Value : "udp_ping";
        var (isServer, tail) = (match.Groups["ip"].Success, match.Groups["tail"].Value);
        var directions = isServer && check == "stamp" ? ReadDirections(ref tail, line) : null;
        Require((isServer ? check : "") switch { "tcp" or "stamp" => PortTail().IsMatch(tail), "http" => HttpTail().IsMatch(tail), _ => tail.Length == 0 }, line);
        var loss = Number(match, "loss");
        Require(match.Groups["verdict"].Value == (loss == 0 ? "withoutloss" : "withloss"), line);
        return (at, new CheckRow(
            check, isServer, match.Groups["from"].Value, match.Groups["to"].Value, match.Groups["ip"].Value, Number(match, "req"), Number(match, "resp"),
            Maybe(match, "max"), Maybe(match, "min"), match.Groups["mode"].Value == "MAINTENANCE", loss, tail.Length == 0 ? "" : tail[2..], directions), "");
    }

    /// <summary>Takes what stands behind the port off a line's tail.</summary>
    private static CheckDirections ReadDirections(ref string tail, string line)
    {
        var match = DirectionsTail().Match(tail);
        Require(match.Success, line);
        tail = match.Groups["port"].Value;
        var (dead, flows) = match.Groups["dead"].Success ? ((int)Number(match, "dead"), (int)Number(match, "flows")) : (0, 0);
        Require(dead < flows || dead == 0, line);
        return new CheckDirections(Number(match, "forward"), Number(match, "backward"), Number(match, "unknown"), dead, flows);
    }

    private static (DateTime At, CheckRow? Row, string Note) ReadJsonLine(string line)
    {
        using var document = JsonDocument.Parse(line);
        var json = document.RootElement;
        var at = json.GetProperty("at").GetDateTime();
        Require(json.GetProperty("at").GetString()!.EndsWith('Z'), line);
        var (type, second) = (json.GetProperty("type").GetString(), new DateTime(at.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond));
        if (type == "note")
        {
            return (second, null, json.GetProperty("text").GetString()!);
        }

        Require(type is "server" or "datacenter", line);
        var check = json.GetProperty("check").GetString()!;
        return (second, new CheckRow(
            check, type == "server", json.GetProperty("from").GetString()!, json.GetProperty("to").GetString()!, type == "server" ? json.GetProperty("ip").GetString()! : "",
            json.GetProperty("requests").GetInt64(), json.GetProperty("responses").GetInt64(), Microseconds(json, "max_latency_us"), Microseconds(json, "min_latency_us"),
            json.GetProperty("maintenance").GetBoolean(), json.GetProperty("loss").GetInt64(), type == "server" && (check is "tcp" or "stamp") ? $"port: {json.GetProperty("port").GetInt32()}" : "",
            type == "server" && check == "stamp" ? ReadDirections(json.GetProperty("path"), line) : null), "");
    }

    private static CheckDirections ReadDirections(JsonElement path, string line)
    {
        long Of(string name) => path.GetProperty(name).GetInt64();
        Require(new[] { "lost_forward", "lost_backward", "lost_unknown", "flows_dead" }.All(name => Of(name) >= 0), line);
        var dead = (int)Of("flows_dead");
        return new CheckDirections(Of("lost_forward"), Of("lost_backward"), Of("lost_unknown"), dead, dead == 0 ? 0 : path.GetProperty("flows").GetArrayLength());
    }

    private static long? Microseconds(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? (long)Math.Floor(number.GetDecimal()) : null;

    private static long Number(Match match, string group) => long.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static long? Maybe(Match match, string group) =>
        match.Groups[group].Value is "None" ? null : long.Parse(match.Groups[group].ValueSpan["Some(".Length..^1], NumberStyles.None, CultureInfo.InvariantCulture);

    private static void Require(bool condition, string line)
    {
        if (!condition)
        {
            throw new FormatException($"not a line of the program: {line}");
        }
    }

    [GeneratedRegex(
        $@"^((?<check>http|tcp|icmp|stamp) )?(server: (?<from>\S+) -> (?<to>\S+), ip: (?<ip>[^\s,]+)|datacenter: (?<from>\S+) -> (?<to>[^\s,]+)), req: (?<req>0|[1-9]\d*), resp: (?<resp>0|[1-9]\d*), max_lat: (?<max>{Option}), min_lat: (?<min>{Option}), mode: (?<mode>normal|MAINTENANCE), loss: (?<loss>0|[1-9]\d*), (?<verdict>withloss|withoutloss)(?<tail>, (port|url): .+)?$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FiguresLine();

    [GeneratedRegex("^([a-z_]+ )?(server|datacenter):", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex FiguresStart();

    [GeneratedRegex(@"^, port: [1-9]\d{0,4}$", RegexOptions.NonBacktracking)]
    private static partial Regex PortTail();

    [GeneratedRegex(
        @"^(?<port>, port: \d+), forward: (?<forward>0|[1-9]\d*), backward: (?<backward>0|[1-9]\d*), unknown: (?<unknown>0|[1-9]\d*)(, dead flows: (?<dead>[1-9]\d*) of (?<flows>[1-9]\d*))?$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex DirectionsTail();

    [GeneratedRegex($@"^, url: [^\s,]+, status: (None|\d{{3}}), resolve: {Option}, connect: {Option}, tls: {Option}, first_byte: {Option}, total: {Option}, cert_days: (None|Some\(-?\d+\))(, failure: .+)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HttpTail();
}
