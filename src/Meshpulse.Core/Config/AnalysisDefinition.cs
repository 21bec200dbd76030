using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Config;

/// <summary>An <c>[[analysis]]</c> of the file: a command to run when a pair of servers loses packets, or when something else is wrong between them.</summary>
public sealed record AnalysisDefinition
{
    /// <summary>The server or group that runs the command.</summary>
    public required string From { get; init; }

    /// <summary>The server or group whose loss it looks into.</summary>
    public required string To { get; init; }

    /// <summary>Its name, fit to be that of a folder.</summary>
    public required string Name { get; init; }

    /// <summary>It runs when a window's loss reaches this count, at least 1; 0 where it never runs by loss, but by <see cref="On"/>.</summary>
    public required int MinLoss { get; init; }

    /// <summary>It runs when a verdict of such a kind begins that concerns the pair; empty where none does.</summary>
    public VerdictKindSet On { get; init; }

    /// <summary>The command for a shell, with placeholders (<see cref="PlaceholderTemplate"/>).</summary>
    public required string Command { get; init; }

    /// <summary>It does not run in this first time after the program's start, zero to an hour.</summary>
    public required Duration StartDelay { get; init; }

    /// <summary>The shortest time between two starts for the same pair, zero to a week.</summary>
    public required Duration Pause { get; init; }

    /// <summary>After this the command is ended, 1 s to a day.</summary>
    public required Duration TimeLimit { get; init; }
}
