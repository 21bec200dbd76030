using Meshpulse.Sim.Incidents;

namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse sim</c> was asked for, every value checked.</summary>
public sealed record SimArguments
{
    /// <summary>Of the first incident; each further one has the next number.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Agents of each world.</summary>
    public int Nodes { get; init; } = 8;

    /// <summary>Incidents to be drawn, kind after kind.</summary>
    public required int Incidents { get; init; }

    /// <summary>The kinds that take turns.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>How many of a hundred have company.</summary>
    public required CompanyShares Company { get; init; }

    /// <summary>Fewer than so many percent perfect are a failure; null where any share will do.</summary>
    public double? Require { get; init; }

    /// <summary>One JSON object instead of text.</summary>
    public bool Json { get; init; }
}
