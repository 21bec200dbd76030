namespace Meshpulse.Agent.Api.Json;

/// <summary>What packets of one direction suffered. What is not known is left out.</summary>
public sealed record DirectionEntry
{
    /// <summary>Which share was lost, 0 to 1.</summary>
    public double? Loss { get; init; }

    /// <summary>How many were lost.</summary>
    public long? Lost { get; init; }

    /// <summary>Of how many.</summary>
    public long? Sent { get; init; }

    /// <summary>The middle delay, in us.</summary>
    public double? P50Us { get; init; }

    /// <summary>The delay that one of ten exceeded, in us.</summary>
    public double? P90Us { get; init; }

    /// <summary>The delay that one of a hundred exceeded, in us.</summary>
    public double? P99Us { get; init; }

    /// <summary>The longest, in us.</summary>
    public double? MaxUs { get; init; }

    /// <summary>The usual middle, in us.</summary>
    public double? BaselineUs { get; init; }
}
