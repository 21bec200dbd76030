using System.Globalization;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Time;
using Microsoft.AspNetCore.Http;

namespace Meshpulse.Agent.Api;

/// <summary>What a request asks for, read and bounded. Parameters that a route does not know are refused, so that a slip is not taken for an answer.</summary>
internal sealed record ApiQuery
{
    private const int MaxParameters = 8;
    private const long FarthestMs = 7_258_118_400_000; // the year 2200

    private static readonly string[] s_forms =
    [
        "yyyy-MM-dd'T'HH':'mm':'ss'Z'", "yyyy-MM-dd'T'HH':'mm':'ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH':'mm':'sszzz", "yyyy-MM-dd'T'HH':'mm':'ss.FFFFFFFzzz",
        "yyyy-MM-dd'T'HH':'mm'Z'",
    ];

    /// <summary>Which node is to answer; null for this one.</summary>
    public string? Node { get; private init; }

    /// <summary>Of what moment; null for now.</summary>
    public WallTime? At { get; private init; }

    /// <summary>The hash of the names that who asks has.</summary>
    public string? Names { get; private init; }

    /// <summary>One end of a path.</summary>
    public string? From { get; private init; }

    /// <summary>The other end.</summary>
    public string? To { get; private init; }

    /// <summary>When the span begins.</summary>
    public WallTime? Start { get; private init; }

    /// <summary>When it ends.</summary>
    public WallTime? End { get; private init; }

    /// <summary>How long a step of a series is, in ms; null for what fits.</summary>
    public long? StepMs { get; private init; }

    /// <summary>Only what this node itself saw is wanted.</summary>
    public bool IsOwn { get; private init; }

    /// <summary>How many at most.</summary>
    public int? Limit { get; private init; }

    /// <summary>Reads a query.</summary>
    /// <param name="context">The request.</param>
    /// <param name="query">What it asks for.</param>
    /// <param name="known">The parameters that the route takes.</param>
    /// <returns>What is wrong with it, in a sentence; null where nothing is.</returns>
    public static string? Of(HttpContext context, out ApiQuery query, params ReadOnlySpan<string> known)
    {
        query = new ApiQuery();
        var given = context.Request.Query;
        if (given.Count > MaxParameters)
        {
            return "too many parameters";
        }

        foreach (var (name, values) in given)
        {
            if (!known.Contains(name))
            {
                return known.IsEmpty ? "this takes no parameters" : $"a parameter is not known here; known are {string.Join(", ", known.ToArray())}";
            }

            if (values is not [{ Length: > 0 and <= BoundedText.MaxName } text] || query.With(name, text) is not { } next)
            {
                return $"{name} is given twice, or is not of its form: {FormOf(name)}";
            }

            query = next;
        }

        return query is { Start: { } start, End: { } end } && end <= start ? "the span ends before it begins: start has to be before end" : null;
    }

    /// <summary>The span, as it is asked of another node.</summary>
    public string SpanText()
    {
        var parts = new List<string>();
        Add(parts, "start", Start is { } start ? ApiSpan.Ms(start) : null);
        Add(parts, "end", End is { } end ? ApiSpan.Ms(end) : null);
        Add(parts, "step_ms", StepMs);
        Add(parts, "limit", Limit);
        return string.Join('&', parts);
    }

    /// <summary>A moment: RFC 3339 or milliseconds since 1970.</summary>
    public static bool TryReadTime(string text, out WallTime time)
    {
        time = default;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms))
        {
            time = new WallTime(Math.Min(ms, FarthestMs) * 1_000_000);
            return ms <= FarthestMs;
        }

        // In a query a plus sign is a space.
        if (!DateTimeOffset.TryParseExact(text.Replace(' ', '+'), s_forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            || moment.Year is < 1970 or > 2200)
        {
            return false;
        }

        time = new WallTime((moment.UtcDateTime - DateTime.UnixEpoch).Ticks * 100);
        return true;
    }

    private static void Add(List<string> parts, string name, long? value)
    {
        if (value is { } known)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={known}"));
        }
    }

    private ApiQuery? With(string name, string text) => name switch
    {
        "node" => this with { Node = Name(text) },
        "from" => this with { From = Name(text) },
        "to" => this with { To = Name(text) },
        "names" when text.Length <= 64 && text.All(char.IsAsciiHexDigit) => this with { Names = text },
        "own" when text is "0" or "1" => this with { IsOwn = text == "1" },
        "at" when TryReadTime(text, out var at) => this with { At = at },
        "start" when TryReadTime(text, out var start) => this with { Start = start },
        "end" when TryReadTime(text, out var end) => this with { End = end },
        "step_ms" when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step is >= 250 and <= 86_400_000 => this with { StepMs = step },
        "limit" when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= 1_000 => this with { Limit = limit },
        _ => null,
    } is { } read && read.IsSound(name) ? read : null;

    private bool IsSound(string name) => name switch
    {
        "node" => Node is not null,
        "from" => From is not null,
        "to" => To is not null,
        _ => true,
    };

    private static string? Name(string text) => BoundedText.IsName(text) ? text : null;

    private static string FormOf(string name) => name switch
    {
        "at" or "start" or "end" => "a time as in 2026-03-25T09:56:37Z, or milliseconds since 1970",
        "step_ms" => "250 to 86400000",
        "limit" => "1 to 1000",
        "names" => "a hash in hexadecimal",
        "own" => "0 or 1",
        _ => "the name of a node",
    };
}
