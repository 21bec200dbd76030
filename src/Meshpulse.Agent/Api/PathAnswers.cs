using Meshpulse.Agent.Api.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api;

/// <summary>A pair over a span, as both ends saw it: each end that is not this node is asked for its own view, and that alone.</summary>
internal sealed class PathAnswers(MeshApiOptions options)
{
    private const int MaxEvents = 200;

    // Of each end. A page asks again every two seconds: what is told again and again must not be long.
    private const int MaxTraces = ApiJson.MaxTraces / 2;
    private const int MaxTraceText = 64 * 1024;

    /// <summary>The document of a pair.</summary>
    public async Task<PathDocument> OfAsync(ApiQuery query, string from, string to, CancellationToken stop)
    {
        var now = options.Clock().Wall;
        var self = options.Live.Self;
        var span = ApiSpan.Of(query, now);
        var views = new List<PathView>();
        var told = new List<PathDocument>();
        foreach (var (view, document) in await Task.WhenAll(ViewAsync(from, to), ViewAsync(to, from)))
        {
            views.Add(view);
            told.AddRange(document is null ? [] : [document]);
        }

        var (events, _) = await options.Past(null).EventsAsync(span, MaxEvents * 5, stop);
        var own = events.Where(e => e.Subject is null ? self == from || self == to : e.Subject == from || e.Subject == to);
        var verdicts = await VerdictsOf(span, stop);
        return new PathDocument(
            1,
            self,
            now,
            from,
            to,
            span.Start,
            span.End,
            span.StepMs,
            query.IsOwn ? [.. views.Where(v => v.Observer == self)] : views,
            [.. own.Concat(told.SelectMany(d => d.Events)).OrderByDescending(e => e.At).Take(MaxEvents)],
            [.. verdicts.Where(v => v.Where.ToPlace() is { } place && (place.Names(from) || place.Names(to))).TakeLast(MaxEvents)],
            [.. Newest(OwnTraces(), span).Concat(told.SelectMany(d => Newest(d.Traces.Where(t => t.Node == d.Node), span))).OrderByDescending(t => t.At)]);

        IEnumerable<TraceEntry> OwnTraces() => self == from ? options.Traces(to) : self == to ? options.Traces(from) : [];


        async Task<(PathView View, PathDocument? Told)> ViewAsync(string observer, string other)
        {
            if (observer == self)
            {
                return (await options.Past(span).PathAsync(other, span, stop), null);
            }

            return query.IsOwn ? (new PathView(observer, "peer"), null) : await AskAsync(observer, from, to, span, stop);
        }
    }

    /// <summary>Those of one end that went on in the span, the newest first, as many as there is room for.</summary>
    private static IEnumerable<TraceEntry> Newest(IEnumerable<TraceEntry> traces, ApiSpan span)
    {
        var room = MaxTraceText;
        return traces.Where(t => t.At <= span.End && t.Until >= span.Start).OrderByDescending(t => t.At).Take(MaxTraces)
            .TakeWhile(t => (room -= t.Text.Length) >= 0);
    }

    /// <summary>What is said now and what was said in the span, each once.</summary>
    private async Task<IReadOnlyList<VerdictEntry>> VerdictsOf(ApiSpan span, CancellationToken stop)
    {
        var past = await options.Past(null).VerdictsAsync(span, stop);
        return VerdictSpan.Of(span, past, options.Verdicts().Verdicts);
    }

    private async Task<(PathView View, PathDocument? Told)> AskAsync(string observer, string from, string to, ApiSpan span, CancellationToken stop)
    {
        if (options.Peers().FirstOrDefault(p => p.Name == observer) is not { } peer || options.Client() is not { } client)
        {
            return (new PathView(observer, "peer") { Missing = "it is not connected, so that it can't be asked" }, null);
        }

        var target = $"{MeshApi.PathPath}?from={Uri.EscapeDataString(from)}&to={Uri.EscapeDataString(to)}&start={ApiSpan.Ms(span.Start)}"
            + $"&end={ApiSpan.Ms(span.End) + 1}&step_ms={span.StepMs}&own=1";
        var answer = await client.GetAsync(peer, target, stop);
        if (answer.Body is not { } body)
        {
            return (new PathView(observer, "peer") { Missing = $"it {answer.Failure}" }, null);
        }

        return ApiJson.Read<PathDocument>(body) is { Version: 1 } told && told.Node == observer && told.Views.FirstOrDefault(v => v.Observer == observer) is { } view
            ? (view with { Source = "peer" }, told)
            : (new PathView(observer, "peer") { Missing = "it answers something that can't be passed on: another version?" }, null);
    }
}
