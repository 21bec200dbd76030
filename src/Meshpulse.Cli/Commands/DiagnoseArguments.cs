namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse diagnose</c> was asked for, every value checked.</summary>
public sealed record DiagnoseArguments
{
    /// <summary>The node that is asked; its port is that of the metrics.</summary>
    public required HostPort Node { get; init; }

    /// <summary>The node's own words instead of text.</summary>
    public bool Json { get; init; }
}
