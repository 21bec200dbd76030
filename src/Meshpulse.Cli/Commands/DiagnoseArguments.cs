using Meshpulse.Cli.Fleet;

namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse diagnose</c> was asked for, every value checked.</summary>
public sealed record DiagnoseArguments
{
    /// <summary>The node that is asked, where no files are given; its port is that of the metrics.</summary>
    public required NodeAccess Node { get; init; }

    /// <summary>The logs that are read instead of asking, each as FILE or NODE=FILE; none where a node is asked.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>On which day console output without dates ends; null for what the files' times say.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>JSON instead of text.</summary>
    public bool Json { get; init; }
}
