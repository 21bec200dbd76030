using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Analysis;

/// <summary>A run that is over, however it ended.</summary>
/// <param name="Name">The analysis's name.</param>
/// <param name="From">The server that ran it.</param>
/// <param name="To">The server that it looked into.</param>
/// <param name="Cause">Why it started: one line.</param>
/// <param name="Began">When it began.</param>
/// <param name="Length">How long it took.</param>
/// <param name="ExitCode">What the command returned; null where nobody knows.</param>
/// <param name="Ending">How it ended, as in <c>exit code 143 (ended at its time limit of 30 s)</c>: one line.</param>
/// <param name="ReportPath">The file with all that it printed; null where it could not be made.</param>
/// <param name="Text">The beginning of what it printed, and how it ended: at most <see cref="PrintedText.MaxLength"/> characters.</param>
public sealed record FinishedAnalysis(
    string Name, ServerFacts From, ServerFacts To, string Cause, WallTime Began, Duration Length, int? ExitCode, string Ending, string? ReportPath, string Text)
{
    /// <summary>The command returned 0 by itself.</summary>
    public bool HasSucceeded { get; init; }

    /// <summary>The pair by its names.</summary>
    public ServerPair Pair => new(From.Name, To.Name);

    /// <summary>When it ended, if no clock was set meanwhile.</summary>
    public WallTime Ended => Began + Length;
}
