namespace Meshpulse.Agent.Export;

/// <summary>
/// The families declared in one exposition, and the names that their samples take. A gauge <c>x_count</c> beside a histogram
/// <c>x</c> is legal to write and unreadable: parsers give the sample to whichever they saw first. The check is the same for both
/// formats, so that a page can't be right for one scraper and wrong for the next.
/// </summary>
internal sealed class FamilyNames
{
    private static readonly string[] AllSuffixes = ["_total", "_created", "_bucket", "_sum", "_count", "_info"];

    private readonly Dictionary<string, MetricKind> _kinds = new(StringComparer.Ordinal);

    /// <summary>Enters a family.</summary>
    /// <exception cref="InvalidOperationException">The name, or one that its samples take, is in use.</exception>
    public void Add(string name, MetricKind kind)
    {
        if (_kinds.ContainsKey(name))
        {
            throw new InvalidOperationException($"The family {name} is declared twice.");
        }

        if (FindClash(name, kind) is { } other)
        {
            throw new InvalidOperationException($"The families {name} and {other} share a sample name.");
        }

        _kinds.Add(name, kind);
    }

    /// <summary>The suffixes that a kind's samples add to the base name.</summary>
    public static ReadOnlySpan<string> Suffixes(MetricKind kind) => kind switch
    {
        MetricKind.Counter => AllSuffixes.AsSpan(0, 2),
        MetricKind.Histogram => AllSuffixes.AsSpan(1, 4),
        MetricKind.Info => AllSuffixes.AsSpan(5, 1),
        _ => [],
    };

    private string? FindClash(string name, MetricKind kind)
    {
        var lookup = _kinds.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var suffix in AllSuffixes)
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal)
                && lookup.TryGetValue(name.AsSpan(0, name.Length - suffix.Length), out var owner)
                && Suffixes(owner).Contains(suffix))
            {
                return name[..^suffix.Length];
            }
        }

        Span<char> derived = stackalloc char[ExpositionWriter.MaxNameLength + 8];
        name.CopyTo(derived);
        foreach (var suffix in Suffixes(kind))
        {
            suffix.CopyTo(derived[name.Length..]);
            var sample = derived[..(name.Length + suffix.Length)];
            if (lookup.ContainsKey(sample))
            {
                return sample.ToString();
            }
        }

        return null;
    }
}
