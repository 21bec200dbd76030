namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse diagnose</c> was asked for, every value checked.</summary>
public sealed record DiagnoseArguments
{
    /// <summary>The node that is asked, where no files are given; its port is that of the metrics.</summary>
    public required HostPort Node { get; init; }

    /// <summary>The logs that are read instead of asking; none where a node is asked.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>JSON instead of text.</summary>
    public bool Json { get; init; }
}
