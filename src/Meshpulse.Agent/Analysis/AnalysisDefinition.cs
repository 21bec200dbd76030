using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Analysis;

/// <summary>One <c>[[analysis]]</c> of the configuration for one pair of servers, its groups already resolved.</summary>
public sealed record AnalysisDefinition
{
    /// <summary>The analysis's name.</summary>
    public required string Name { get; init; }

    /// <summary>This server.</summary>
    public required ServerFacts From { get; init; }

    /// <summary>The server to which the loss is.</summary>
    public required ServerFacts To { get; init; }

    /// <summary>Starts at this many losses in a window, and above; 0 for never by loss.</summary>
    public required long MinLoss { get; init; }

    /// <summary>What is run, with placeholders; see <see cref="PlaceholderText"/>.</summary>
    public required string Command { get; init; }

    /// <summary>Not in so long after the program's start; 20 s.</summary>
    public Duration StartDelay { get; init; } = Duration.FromSeconds(20);

    /// <summary>Not again in so long after the last start; 120 s.</summary>
    public Duration Pause { get; init; } = Duration.FromSeconds(120);

    /// <summary>Ended after so long; 30 min. The seed's example, 1,000 rounds of mtr, takes nearly 17.</summary>
    public Duration TimeLimit { get; init; } = Duration.FromSeconds(1800);

    /// <summary>The pair by its names.</summary>
    public ServerPair Pair => new(From.Name, To.Name);

    /// <summary>What it is told apart by.</summary>
    public AnalysisKey Key => new(Name, Pair);
}
