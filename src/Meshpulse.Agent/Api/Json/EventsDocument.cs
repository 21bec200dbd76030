using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>What <c>GET /api/v1/events</c> answers: what happened in a span, newest first.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Node">Who saw it.</param>
/// <param name="Now">When, by its clock.</param>
/// <param name="Events">What happened.</param>
/// <param name="More">There was more, and older, in the span.</param>
public sealed record EventsDocument(int Version, string Node, WallTime Now, IReadOnlyList<EventEntry> Events, bool More)
    : ApiDocument(Version, Node, Now);
