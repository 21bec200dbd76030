namespace Meshpulse.Cli.Fleet;

/// <summary>What the cells of a matrix show.</summary>
public enum MatrixFigure
{
    /// <summary>Which share of the packets was lost.</summary>
    Loss,

    /// <summary>The middle delay.</summary>
    P50,

    /// <summary>The delay that one packet of a hundred exceeded.</summary>
    P99,

    /// <summary>The middle delay against the usual one.</summary>
    Ratio,
}
