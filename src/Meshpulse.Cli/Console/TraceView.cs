using System.Globalization;
using System.Text;
using Meshpulse.Agent.Tracing;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Console;

/// <summary>
/// A trace for people: a table, and what it can't say in words. A frame of the live table stands where the last one stood, beneath what the
/// terminal showed before: it goes up by the lines that it drew, and erases behind each line and beneath the last.
/// </summary>
/// <param name="name">An address's name where it is known by now.</param>
/// <param name="colour">Whether colours are written at all (see <see cref="ColourPolicy"/>).</param>
internal sealed class TraceView(Func<NodeEndpoint, string?> name, bool colour)
{
    private const int WidestAddress = 60;
    private const int WidestFlows = 16;
    private const string LineEnd = "\e[K\n";

    /// <summary>The whole of it.</summary>
    public string Format(TracingResult result)
    {
        var text = new StringBuilder();
        foreach (var line in Table(result, int.MaxValue, colour).Concat(Remarks(result)))
        {
            text.Append(line.TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A frame that takes the place of the last one.</summary>
    /// <param name="result">What is known.</param>
    /// <param name="size">The terminal: what does not fit into it is left out, so that nothing scrolls or wraps.</param>
    /// <param name="drawn">Lines of the last frame; then of this one.</param>
    public string Frame(TracingResult result, TerminalSize size, ref int drawn)
    {
        var (width, height) = (Math.Max(size.Columns - 1, 1), Math.Max(size.Lines - 1, 1));
        var lines = Table(result, width, colour).ToList();
        if (lines.Count > height)
        {
            var more = lines.Count - height + 1;
            lines.RemoveRange(height - 1, more);
            lines.Add(CellText.CutEnd(string.Create(CultureInfo.InvariantCulture, $"{more} more lines"), width));
        }

        var frame = new StringBuilder(Up(drawn));
        lines.ForEach(line => frame.Append(line).Append(LineEnd));
        drawn = lines.Count;
        return frame.Append("\e[J").ToString();
    }

    /// <summary>Takes the last frame away.</summary>
    public static string Erase(int drawn) => Up(drawn) + "\e[J";

    private static string Up(int lines) => lines == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\e[{lines}A\r");

    private IEnumerable<string> Table(TracingResult result, int width, bool painted)
    {
        var report = result.Report;
        var flows = result.FlowIds.Count;
        yield return CellText.CutEnd(Title(result), width);
        var rows = report.Hops.SelectMany(hop => TraceRow.Of(hop, flows, name)).ToList();
        if (rows.Count == 0)
        {
            yield break;
        }

        var addresses = Math.Clamp(rows.Max(r => CellText.Width(r.Address)), 7, WidestAddress);
        var numbers = Math.Clamp(rows.Max(r => r.Flows.Length), 5, WidestFlows);
        yield return CellText.CutEnd(
            $"hop  {"address".PadRight(addresses)}  {"flows".PadRight(numbers)}    loss    sent       best       mean      worst       last ms", width);
        foreach (var row in rows)
        {
            yield return Line(row, addresses, numbers, width, painted);
        }
    }

    private static string Line(TraceRow row, int addresses, int numbers, int width, bool painted)
    {
        var address = CellText.CutEnd(row.Address, addresses);
        var head = $"{row.Hop,3}  {address}{new string(' ', addresses - CellText.Width(address))}  {CellText.CutEnd(row.Flows, numbers).PadRight(numbers)}  ";
        var loss = $"{row.Loss,6}";
        var tail = string.Create(CultureInfo.InvariantCulture, $"  {row.Counts.Sent,6}")
            + $"  {TraceRow.Milliseconds(row.Delays?.Best),9}  {TraceRow.Milliseconds(row.Delays?.Mean),9}"
            + $"  {TraceRow.Milliseconds(row.Delays?.Worst),9}  {TraceRow.Milliseconds(row.Delays?.Last),9}"
            + (row.Note.Length > 0 ? $"  {row.Note}" : "");
        if (!painted || row.Counts.Lost == 0 || CellText.Width(head) + loss.Length > width)
        {
            return CellText.CutEnd(head + loss + tail, width);
        }

        // What has no width must not be cut.
        return head + Shades.Paint(loss, row.IsLimited ? Shades.Yellow : Shades.Red) + CellText.CutEnd(tail, width - CellText.Width(head) - loss.Length);
    }

    private static string Title(TracingResult result)
    {
        var target = result.Target.AddressText;
        var port = result.Target.Port == 0 ? "" : $" port {result.Target.Port}";
        var flows = result.FlowIds.Count == 1 ? "1 flow" : $"{result.FlowIds.Count} flows";
        var rounds = result.Report.Rounds == 1 ? "1 round" : $"{result.Report.Rounds} rounds";
        return $"trace to {target}, {TraceWords.NameOf(result.Protocol)}{port}, {flows}, {rounds}";
    }

    private static IEnumerable<string> Remarks(TracingResult result)
    {
        var report = result.Report;
        var unreached = report.Paths.Where(p => !p.IsReached).ToList();
        if (!report.IsAnswered)
        {
            yield return report.Counts.Sent == 0 ? "nothing was sent" : "no answer from anybody";
        }
        else if (unreached.Count > 0)
        {
            var who = unreached.Count == report.Paths.Count ? "the target was not reached" : $"the target was not reached by flow {TraceWords.Numbers(unreached.ConvertAll(p => p.Flow))}";
            yield return unreached.Exists(p => p.End is null) ? $"{who}; hops up to {report.AskedUpTo} were asked" : who;
        }

        if (report.Hops.SkipLast(1).Any(h => h.Counts.Lost > 0))
        {
            yield return TraceWords.Warning;
        }

        if (result.Protocol == TracingProtocol.Udp && report.Hops is [.., { IsDestination: true, Counts.Lost: > 0 }])
        {
            yield return "Targets limit them too (Linux gives one a second); --protocol icmp or tcp asks for other answers.";
        }

        foreach (var remark in Oddities(result))
        {
            yield return remark;
        }

        if (result.UserStamps > result.KernelStamps)
        {
            yield return "arrival times are this program's, not the kernel's: a busy host makes them late";
        }
    }

    private static IEnumerable<string> Oddities(TracingResult result)
    {
        var report = result.Report;
        if (report.Counts.Late > 0)
        {
            yield return $"answers after the timeout: {report.Counts.Late}";
        }

        if (report.IsSerial)
        {
            yield return $"some answers don't tell which probe they are about: a flow sends one at a time, and {report.Counts.Unattributed} could not be told apart";
        }

        if (report.Unsent > 0)
        {
            yield return $"probes that this host refused to send: {report.Unsent} ({result.LastError})";
        }

        if (result.Refused + report.Unknown is var strange and > 0)
        {
            yield return $"messages that answer nothing that was sent: {strange}";
        }
    }
}
