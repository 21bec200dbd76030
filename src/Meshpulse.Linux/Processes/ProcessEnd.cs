namespace Meshpulse.Linux.Processes;

/// <summary>How a process ended, waitid(2).</summary>
/// <param name="ExitCode">What it returned; 128 plus the signal where one ended it, as shells count; null where nobody knows any more.</param>
/// <param name="Signal">The signal that ended it; 0 where it returned.</param>
public readonly record struct ProcessEnd(int? ExitCode, int Signal);
