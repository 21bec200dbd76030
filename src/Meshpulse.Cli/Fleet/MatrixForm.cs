namespace Meshpulse.Cli.Fleet;

/// <summary>How a matrix is printed.</summary>
public enum MatrixForm
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>RFC 4180.</summary>
    Csv,

    /// <summary>One object.</summary>
    Json,
}
