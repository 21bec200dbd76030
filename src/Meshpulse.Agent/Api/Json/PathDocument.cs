using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>What <c>GET /api/v1/path</c> answers: a pair over a span, as either end saw it.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Node">Who answers.</param>
/// <param name="Now">When, by its clock.</param>
/// <param name="From">One end.</param>
/// <param name="To">The other.</param>
/// <param name="Start">When the span begins.</param>
/// <param name="End">When it ends.</param>
/// <param name="StepMs">How long a step is that was asked for or chosen; each view says its own.</param>
/// <param name="Views">One for each end.</param>
/// <param name="Events">What happened to either, newest first.</param>
/// <param name="Verdicts">Verdicts of the span that name either.</param>
/// <param name="Traces">What analyses of the span printed, at most 16 of each end, newest first.</param>
public sealed record PathDocument(
    int Version,
    string Node,
    WallTime Now,
    string From,
    string To,
    WallTime Start,
    WallTime End,
    long StepMs,
    IReadOnlyList<PathView> Views,
    IReadOnlyList<EventEntry> Events,
    IReadOnlyList<Fleet.Json.VerdictEntry> Verdicts,
    IReadOnlyList<TraceEntry> Traces)
    : ApiDocument(Version, Node, Now);
