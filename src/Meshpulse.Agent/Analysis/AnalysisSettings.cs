using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Analysis;

/// <summary>The bounds of all analyses together.</summary>
public sealed record AnalysisSettings
{
    /// <summary>Where the reports go, as <c>NAME/SERVER_TO/YYYY_MM_DD_HH_MM_SS.txt</c>; made with mode 0700 where it is missing.</summary>
    public string Directory { get; init; } = "/tmp/mehsh";

    /// <summary>How many run at once, all analyses and pairs together; more wait for the loss of a later window.</summary>
    public int MaxRunning { get; init; } = 32;

    /// <summary>
    /// A command that prints more bytes than this is ended: its report is cut there with a note. Going on to read what nobody
    /// keeps would only take the CPU from the measurement.
    /// </summary>
    public int MaxOutputBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many lines of a run are told to the listener; the others are in the report only.</summary>
    public int MaxListedLines { get; init; } = 2000;

    /// <summary>How many reports are kept per analysis and server; the oldest go.</summary>
    public int KeptReports { get; init; } = 100;

    /// <summary>How many bytes of older reports are kept per analysis and server; the oldest go.</summary>
    public long KeptBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long a group that was asked to end (SIGTERM) has until it is ended (SIGKILL).</summary>
    public Duration Grace { get; init; } = Duration.FromSeconds(5);

    /// <summary>The same where the agent itself stops.</summary>
    public Duration StopGrace { get; init; } = Duration.FromSeconds(1);

    /// <summary>
    /// How long what a command left behind in the background has to finish by itself, as the tee of a <c>&gt;(tee FILE)</c> does.
    /// It is asked to end then.
    /// </summary>
    public Duration Settle { get; init; } = Duration.FromSeconds(1);
}
