using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api;

/// <summary>What this node knows of the past: out of its store, or, where it keeps none, of the last half minute out of its memory.</summary>
internal interface IPastView
{
    /// <summary>What we saw of a peer.</summary>
    Task<PathView> PathAsync(string peer, ApiSpan span, CancellationToken stop);

    /// <summary>How our host was.</summary>
    Task<VitalsDocument> VitalsAsync(ApiSpan span, WallTime now, CancellationToken stop);

    /// <summary>What happened, newest first.</summary>
    Task<(IReadOnlyList<EventEntry> Events, bool More)> EventsAsync(ApiSpan span, int limit, CancellationToken stop);

    /// <summary>What was judged and is not told any more, the newest last.</summary>
    Task<IReadOnlyList<VerdictEntry>> VerdictsAsync(ApiSpan span, CancellationToken stop);

    /// <summary>Our own word on all others at a moment, in bytes; null where nothing is known of it.</summary>
    Task<RowCodes?> RowAsync(WallTime at, CancellationToken stop);
}
