namespace Meshpulse.Agent.History;

/// <summary>Where an agent keeps its history, and how much of it.</summary>
public sealed record HistoryOptions
{
    /// <summary>The least size, in bytes.</summary>
    public const long MinSize = 16L << 20;

    /// <summary>The size that is taken where none is given, in bytes.</summary>
    public const long DefaultSize = 1L << 30;

    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>The most bytes that the file and its write-ahead log take; what is oldest goes where they don't suffice.</summary>
    public long Size { get; init; } = DefaultSize;
}
