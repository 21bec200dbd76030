namespace Meshpulse.Agent.Api;

/// <summary>Columns of a series while it is filled: a value for each step, null where there is none.</summary>
/// <param name="span">The steps.</param>
internal sealed class SeriesColumns(ApiSpan span)
{
    /// <summary>When each step begins, in ms since 1970.</summary>
    public IReadOnlyList<long> Times { get; } = [.. Enumerable.Range(0, span.Points).Select(i => ApiSpan.Ms(span.Start) + (i * span.StepMs))];

    /// <summary>A column of nothing.</summary>
    public double?[] New() => new double?[span.Points];

    /// <summary>The step that a moment is in; -1 for none.</summary>
    public int IndexOf(long ms)
    {
        var index = (ms - ApiSpan.Ms(span.Start)) / span.StepMs;
        return ms >= ApiSpan.Ms(span.Start) && index < span.Points ? (int)index : -1;
    }
}
