namespace Meshpulse.Core.Config;

/// <summary>Bounds that the file may move.</summary>
public sealed record LandscapeLimits
{
    /// <summary>The most blocks of each of <c>[[group]]</c>, <c>[[check]]</c> and <c>[[analysis]]</c>; not for the file to move.</summary>
    public const int MostBlocks = 1_000;

    /// <summary>The most <c>[[server]]</c> blocks, 1 to 65535.</summary>
    public int Servers { get; init; } = 10_000;

    /// <summary>The most targets that the checks may name for one server, counted before overlaps are merged, 1 to 100,000.</summary>
    public int Probes { get; init; } = 10_000;

    /// <summary>The most commands of analyses at once on one server, 1 to 1000.</summary>
    public int Analyses { get; init; } = 16;

    /// <summary>The most bytes that are kept of one analysis's output, 1024 to 1 GiB.</summary>
    public int AnalysisOutput { get; init; } = 10 * 1024 * 1024;
}
