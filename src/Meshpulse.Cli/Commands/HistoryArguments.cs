using Meshpulse.Agent.History;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse history</c> was asked for, every value checked.</summary>
public sealed record HistoryArguments
{
    /// <summary>Steps of a table for people.</summary>
    public const int TextPoints = 60;

    /// <summary>Steps of everything else.</summary>
    public const int DataPoints = 10_000;

    /// <summary>What is shown.</summary>
    public HistoryTopic Topic { get; init; }

    /// <summary>The peer, or both ends; null where all is listed.</summary>
    public string? Peer { get; init; }

    /// <summary>Where the span begins.</summary>
    public WallTime From { get; init; }

    /// <summary>Where it ends; later than <see cref="From"/>.</summary>
    public WallTime To { get; init; }

    /// <summary>How long a step is at least; null for as short as there is.</summary>
    public Duration? Step { get; init; }

    /// <summary>About how many steps at most.</summary>
    public int Points { get; init; } = TextPoints;

    /// <summary>Which kind of series; null for the first that there is.</summary>
    public SeriesKind? Kind { get; init; }

    /// <summary>The file or folder; null for the usual places.</summary>
    public string? Place { get; init; }

    /// <summary>How it is printed.</summary>
    public HistoryFormat Format { get; init; }
}
