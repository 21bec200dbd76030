using System.Globalization;
using System.Text.RegularExpressions;

namespace Meshpulse.Lab.Reports;

/// <summary>
/// A strict reader of what a node prints, written from the seed's document. Whatever is not one of its event lines or a
/// whole table throws a FormatException: a table that an event came into, a cell out of its columns, a word too many.
/// </summary>
internal sealed partial class Transcript
{
    private const string Groups = "[               ] --------receive-(ms)--------- ---------delta-(ms)---------- ---------send-(ms)-----------";
    private const string Columns = "[               ]   Max  Mean    99  99.9 99.99|  Max  Mean    99  99.9 99.99|  Max  Mean    99  99.9 99.99";

    // Five columns: a number with one decimal, from 1,000 on without it, or a dash.
    private const string CellPattern = @"(  \d\.\d| \d\d\.\d|\d{3}\.\d| \d{4}|\d{5}|    -)";
    private const string CellsPattern = $"{CellPattern} {CellPattern} {CellPattern} {CellPattern} {CellPattern}";
    private const string Connected = "Connected to ";

    private static readonly string[] s_texts =
    [
        @"Prometheus endpoint available at http://\S+:\d+/metrics",
        @"Starting mesh(pulse|monitor)\. Binding to address \S+:\d+",
        @"STAMP is not answered at \S+:\d+ \(UDP\): .+\. It is tried again every 10 s",
        @"STAMP is answered at \S+:\d+ now",
        @"stamps here: IPv[46] .+",
        @"timer slack (applied|refused.*)(, .+)?",
        @"\S+ -> \S+: (\d+ of \d+ flows lose everything: source port [\d, .]+|all flows get through again)",
        @"\S+ -> \S+: (this host's clock|the clock of \S+) stepped by [+-]\d+\.\d{3} s; no delay is made of that",
        @"VERDICT( changed:| again:)? [a-z]+\.[a-z_]+ .+ since \d\d:\d\d:\d\d\.\d{3}, \d+ % sure: .+",
        @"VERDICT ended: [a-z]+\.[a-z_]+ .+ since \d\d:\d\d:\d\d\.\d{3}, after \d+(\.\d s| min \d+ s| h \d+ min)",
        "New remote endpoint - establishing connection",
        "Connecting",
        "Connected",
        "Handshake sent",
        "Received connection",
        "Broken pipe",
        "Connection reset",
        "Connection timed out",
        "Closing connection - (node already connected|silent for too long|takes no heartbeats)",
        @"Unable to connect to remote address\. (Connection refused|Connection timed out|No route to host)\.( Retrying)?",
        @"Unable to resolve \S+\. Retrying",
        @"No heartbeat for \d+\.\d s",
        "Heartbeats come",
        @"Server \S+ is this node - not called",
        @"Gap( so far)? \d+\.\d ms since \d\d:\d\d:\d\d\.\d{3}(, reconstructed)?; own stall within it \d+\.\d ms(; TCP: rtt \d+\.\d ms, \d+ retransmitted, \d+ unacknowledged)?",
    ];

    private static readonly Regex s_text = new($"^({string.Join('|', s_texts)})$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    /// <summary>The event lines in their order.</summary>
    public List<EventEntry> Events { get; } = [];

    /// <summary>The tables in their order.</summary>
    public List<Report> Reports { get; } = [];

    /// <summary>Reads complete lines; a table that is still being written at their end is left out.</summary>
    public static Transcript Read(IReadOnlyList<string> lines)
    {
        var transcript = new Transcript();
        for (var at = 0; at < lines.Count;)
        {
            at += transcript.ReadEntry(lines, at);
        }

        return transcript;
    }

    /// <summary>The texts of the events that concern a peer.</summary>
    public IEnumerable<string> EventsOf(string address) => Events.Where(e => e.Address == address).Select(e => e.Text);

    /// <summary>Reads an event line or a table; gives the number of lines.</summary>
    private int ReadEntry(IReadOnlyList<string> lines, int at)
    {
        var (address, text) = ReadEvent(lines[at]);
        if (!text.StartsWith(Connected, StringComparison.Ordinal))
        {
            Require(s_text.IsMatch(text), lines[at]);
            Events.Add(new EventEntry(address, text));
            return 1;
        }

        Require(address.Length == 0 && text.EndsWith(" servers", StringComparison.Ordinal), lines[at]);
        var count = int.Parse(text[Connected.Length..^" servers".Length], NumberStyles.None, CultureInfo.InvariantCulture);
        var length = count == 0 ? 1 : 3 + count;
        if (at + length <= lines.Count)
        {
            Reports.Add(new Report(count == 0 ? [] : ReadTable([.. lines.Skip(at + 1).Take(length - 1)])));
        }

        return length;
    }

    private static List<ReportRow> ReadTable(string[] lines)
    {
        // All lines of a table are as wide as its widest address, which is 15 columns for IPv4. It may hold brackets.
        var wider = new string(' ', lines[2].IndexOf("] ", StringComparison.Ordinal) - Columns.IndexOf("] ", StringComparison.Ordinal));
        Require(lines[0] == Groups.Insert(1, wider), lines[0]);
        Require(lines[1] == Columns.Insert(1, wider), lines[1]);
        return [.. lines.Skip(2).Select(line => ReadRow(line, Columns.Length + wider.Length))];
    }

    private static ReportRow ReadRow(string line, int width)
    {
        Require(line.Length == width, $"{line} (not {width} wide)");
        var match = RowLine().Match(line);
        Require(match.Success, line);
        var row = new ReportRow(match.Groups["address"].Value, Cells(match, "receive"), Cells(match, "delta"), Cells(match, "send"));
        foreach (var cells in new[] { row.Receive, row.Delta, row.Send })
        {
            Require(cells.All(cell => cell is null) || cells.All(cell => cell <= cells[0]), $"{line} (above the maximum)");
        }

        return row;
    }

    private static double?[] Cells(Match row, string group)
    {
        var cells = row.Groups[group].Value.Chunk(6).Select(cell => new string(cell, 0, 5).Trim()).ToArray();
        return Array.ConvertAll(cells, cell => cell == "-" ? (double?)null : double.Parse(cell, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture));
    }

    private static (string Address, string Text) ReadEvent(string line)
    {
        var match = EventLine().Match(line);
        Require(match.Success, line);
        var (padding, address) = (match.Groups["padding"].Value, match.Groups["address"].Value);
        Require(padding.Length == Math.Max(0, 15 - address.Length), line);
        return (address, match.Groups["text"].Value);
    }

    private static void Require(bool condition, string line)
    {
        if (!condition)
        {
            throw new FormatException($"not a line of the program: {line}");
        }
    }

    [GeneratedRegex(@"^[0-2]\d:[0-5]\d:[0-5]\d \[(?<padding> *)(?<address>[0-9a-f.:\[\]]*)\] (?<text>.*)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex EventLine();

    [GeneratedRegex($@"^\[ *(?<address>[0-9a-f.:\[\]]+)\] (?<receive>{CellsPattern})\|(?<delta>{CellsPattern})\|(?<send>{CellsPattern})$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex RowLine();
}
