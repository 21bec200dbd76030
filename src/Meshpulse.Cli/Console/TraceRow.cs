using System.Globalization;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Console;

/// <summary>A line of a trace's table: the flows of a hop to which the same address answered, or none.</summary>
internal sealed record TraceRow
{
    public required string Hop { get; init; }

    public required string Address { get; init; }

    public required string Flows { get; init; }

    public required TraceCounts Counts { get; init; }

    public required TraceDelays? Delays { get; init; }

    public required string Note { get; init; }

    /// <summary>Its loss is of answers, as the hops behind show.</summary>
    public required bool IsLimited { get; init; }

    public string Loss => Counts.Loss is { } loss ? string.Create(CultureInfo.InvariantCulture, $"{loss * 100:0.0}%") : "";

    /// <summary>The rows of a hop, by the first of their flows.</summary>
    public static IEnumerable<TraceRow> Of(TraceHop hop, int flows, Func<NodeEndpoint, string?> name)
    {
        var number = hop.TimeToLive.ToString(CultureInfo.InvariantCulture);
        foreach (var group in hop.Flows.GroupBy(f => f.Addresses is [var main, ..] ? main.From : (NodeEndpoint?)null))
        {
            var members = group.ToList();
            yield return new TraceRow
            {
                Hop = number,
                Address = group.Key is { } address ? Shown(address, name) : "*",
                Flows = members.Count == flows ? "all" : TraceWords.Numbers(members.ConvertAll(f => f.Flow)),
                Counts = members.Aggregate(default(TraceCounts), (sum, flow) => sum + flow.Counts),
                Delays = members.Aggregate((TraceDelays?)null, (sum, flow) => TraceDelays.Join(sum, flow.Delays)),
                Note = NoteOf(hop, members),
                IsLimited = hop.IsLikelyRateLimited,
            };
            number = "";
        }
    }

    public static string Milliseconds(Duration? delay) =>
        delay is { } value ? value.Milliseconds.ToString("0.000", CultureInfo.InvariantCulture) : "";

    private static string Shown(NodeEndpoint address, Func<NodeEndpoint, string?> name) =>
        name(address) is { } known ? $"{address.AddressText} {SingleLine.Of(known)}" : address.AddressText;

    private static string NoteOf(TraceHop hop, List<TraceFlowHop> members)
    {
        var notes = new List<string>();
        var mains = members.Where(f => f.Addresses.Count > 0).Select(f => f.Addresses[0]).ToList();
        if (mains.Exists(a => a.Kind == TraceAnswerKind.Destination))
        {
            notes.Add("target");
        }

        notes.AddRange(mains.Select(a => TraceWords.Of(a.Refusal)).OfType<string>().Distinct());
        var lost = members.Sum(f => f.Counts.Lost);
        if (hop.IsLikelyRateLimited && lost > 0)
        {
            notes.Add(mains.Count == 0 ? "gives no answers" : "limits its answers");
        }

        var others = members.SelectMany(f => f.Addresses.Skip(1)).Select(a => a.From.AddressText).Distinct().ToList();
        if (others.Count > 0)
        {
            notes.Add($"also {string.Join(", ", others.Take(3))}{(others.Count > 3 ? ", ..." : "")}");
        }

        return string.Join("; ", notes);
    }
}
