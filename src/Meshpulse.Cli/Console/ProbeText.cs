using System.Globalization;
using System.Text;
using Meshpulse.Agent.Sounding;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Cli.Console;

/// <summary>The result of <c>meshpulse probe</c> for people.</summary>
internal static class ProbeText
{
    /// <summary>Back to the line's beginning, and what stands there is gone (ECMA-48: EL).</summary>
    public const string EraseLine = "\r\u001b[K";

    private const int MostPorts = 8;

    /// <summary>One line that takes the place of the last, cut to the terminal's width.</summary>
    public static string Progress(SoundingResult result, int columns)
    {
        var counts = result.Counts;
        var delay = result.RoundTrip is { } trip ? $", rtt p50 {Milliseconds(trip.P50)}, p99 {Milliseconds(trip.P99)}, max {Milliseconds(trip.Max)} ms" : "";
        var line = $"{result.Target}: {counts.Sent} sent, {counts.Answered} answered, {Losses(counts)}{delay}";
        return EraseLine + (line.Length < columns ? line : line[..Math.Max(0, columns - 1)]);
    }

    /// <summary>The summary, some lines.</summary>
    public static string Format(SoundingResult result)
    {
        var text = new StringBuilder();
        var flows = result.Flows.Count == 1 ? "1 flow" : $"{result.Flows.Count} flows";
        _ = text.Append(CultureInfo.InvariantCulture, $"{result.Target}, {ProbeJson.NameOf(result.Protocol)}, {result.Size} bytes, {flows}\n");
        AppendCounts(text, result);
        AppendDelays(text, result);
        AppendClocks(text, result);
        ProbeTlvText.Append(text, result);
        AppendFlows(text, result);
        return text.ToString();
    }

    private static void AppendCounts(StringBuilder text, SoundingResult result)
    {
        var counts = result.Counts;
        _ = text.Append(CultureInfo.InvariantCulture, $"sent {counts.Sent}, answered {counts.Answered}, {Losses(counts)}");
        AppendWhere(text, counts.Late, "late");
        AppendWhere(text, counts.Duplicates, "duplicates");
        AppendWhere(text, counts.Reordered, "reordered");
        AppendWhere(text, result.Unsent, "unsent");
        _ = text.Append('\n');
        if (counts.Answered + counts.Late == 0 && counts.Sent + result.Unsent > 0)
        {
            var said = result.LastError is { } error ? $"; the last that was heard is: {error}" : "";
            _ = text.Append(CultureInfo.InvariantCulture, $"no answer{said}\n");
        }

        if (result.Restarts > 0)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"the reflector began to count anew {result.Restarts} times\n");
        }

        if (result.Refused > 0)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"{result.Refused} datagrams came that answer nothing that was sent, or have a wrong key\n");
        }
    }

    private static void AppendWhere(StringBuilder text, long count, string what) =>
        _ = count > 0 ? text.Append(CultureInfo.InvariantCulture, $", {what} {count}") : text;

    private static string Losses(SoundingCounts counts)
    {
        if (counts.Lost == 0)
        {
            return "lost 0";
        }

        var parts = new List<string>();
        Add(counts.LostForward, "forward");
        Add(counts.LostBackward, "backward");
        Add(counts.LostUnknown, "direction unknown");
        var share = (100.0 * counts.Lost / counts.Sent).ToString("0.##", CultureInfo.InvariantCulture);
        return $"lost {counts.Lost} ({share} %: {string.Join(", ", parts)})";

        void Add(long count, string where)
        {
            if (count > 0)
            {
                parts.Add($"{count} {where}");
            }
        }
    }

    private static void AppendDelays(StringBuilder text, SoundingResult result)
    {
        if (result.RoundTrip is null)
        {
            return;
        }

        _ = text.Append(CultureInfo.InvariantCulture, $"{"ms",-10}{"min",10}{"mean",10}{"p50",10}{"p90",10}{"p99",10}{"p99.9",10}{"max",10}\n");
        AppendRow(text, "rtt", result.RoundTrip);
        AppendRow(text, "forward", result.Forward);
        AppendRow(text, "backward", result.Backward);
    }

    private static void AppendRow(StringBuilder text, string name, SoundingDelays? delays)
    {
        if (delays is not { } d)
        {
            return;
        }

        _ = text.Append(CultureInfo.InvariantCulture, $"{name,-10}");
        foreach (var value in (double[])[d.Min, d.Mean, d.P50, d.P90, d.P99, d.P999, d.Max])
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"{Milliseconds(value),10}");
        }

        _ = text.Append('\n');
    }

    private static void AppendClocks(StringBuilder text, SoundingResult result)
    {
        if (result.RoundTrip is null)
        {
            return;
        }

        _ = text.Append(ClocksOf(result)).Append('\n');
        if (result.ClockSteps > 0)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"a clock stepped {result.ClockSteps} times\n");
        }

        _ = text.Append(CultureInfo.InvariantCulture, $"timestamps: send {result.Stamps.Send}, receive {result.Stamps.Receive}{(result.TargetSynchronised is null ? "" : $", reflector {result.Stamps.Reflector}")}\n");
    }

    private static string ClocksOf(SoundingResult result)
    {
        if (result.Protocol == SoundingProtocol.UdpPing)
        {
            return "clocks: this protocol tells no times, so one-way delays and the direction of losses are unknown";
        }

        if (result.Offset.Point is not { } point)
        {
            return "clocks: the offset can't be bounded, so one-way delays are unknown";
        }

        var (low, high) = (result.Offset.Low, result.Offset.High);
        var sure = Milliseconds(Math.Max((high - point).Milliseconds, (point - low).Milliseconds));
        var range = $"the target's clock is between {Milliseconds(low.Milliseconds)} and {Milliseconds(high.Milliseconds)} ms ahead";
        return result.Offset.Contains(default)
            ? $"clocks: {range}; one-way delays are shown as if there was no difference, and can be off by {sure} ms"
            : $"clocks: {range}; one-way delays are unknown but for its middle, and can be off by {sure} ms";
    }

    private static void AppendFlows(StringBuilder text, SoundingResult result)
    {
        if (result.Flows.Count < 2 || result.Counts.Lost == 0)
        {
            return;
        }

        var dead = result.Flows.Where(f => f.Counts.Sent > 0 && f.Counts.Lost == f.Counts.Sent).ToList();
        if (dead.Count > 0)
        {
            _ = text.Append(
                CultureInfo.InvariantCulture,
                $"{dead.Count} of {result.Flows.Count} flows {(dead.Count == 1 ? "loses" : "lose")} everything: source port {Ports(dead)}\n");
        }

        // What is lost evenly is no flow's peculiarity.
        var others = result.Flows.Except(dead).ToList();
        var (lost, sent) = (others.Sum(f => f.Counts.Lost), others.Sum(f => f.Counts.Sent));
        foreach (var flow in others.Where(f => IsPeculiar(f.Counts, lost, sent)).Take(MostPorts))
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"source port {flow.SourcePort}: {flow.Counts.Sent} sent, {Losses(flow.Counts)}\n");
        }
    }

    /// <summary>It loses more than twice the share of all together, and three packets more than that share.</summary>
    private static bool IsPeculiar(SoundingCounts counts, long lost, long sent)
    {
        var expected = (double)counts.Sent * lost / Math.Max(1, sent);
        return counts.Lost > 2 * expected && counts.Lost >= expected + 3;
    }

    private static string Ports(List<SoundingFlow> flows) =>
        string.Join(", ", flows.Take(MostPorts).Select(f => f.SourcePort)) + (flows.Count > MostPorts ? ", ..." : "");

    private static string Milliseconds(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
