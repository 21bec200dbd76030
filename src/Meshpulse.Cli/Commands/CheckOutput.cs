namespace Meshpulse.Cli.Commands;

/// <summary>In which form <c>meshpulse check</c> writes its reports.</summary>
public enum CheckOutput
{
    /// <summary>Lines of text, as the original's.</summary>
    Lines,

    /// <summary>JSON, one object per line.</summary>
    Json,

    /// <summary>A table that is redrawn in its place.</summary>
    Watch,
}
