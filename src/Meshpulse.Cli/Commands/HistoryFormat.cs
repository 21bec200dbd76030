namespace Meshpulse.Cli.Commands;

/// <summary>How <c>meshpulse history</c> prints.</summary>
public enum HistoryFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>One JSON object.</summary>
    Json,

    /// <summary>Comma-separated values.</summary>
    Csv,

    /// <summary>A histogram log.</summary>
    Hlog,
}
