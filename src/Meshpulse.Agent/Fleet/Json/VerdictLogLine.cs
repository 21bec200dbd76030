using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>A line of the log file that holds a change of a verdict.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="At">When it was said.</param>
/// <param name="Change"><c>begun</c>, <c>changed</c>, <c>ended</c> or <c>recurred</c>.</param>
/// <param name="Verdict">As it is now.</param>
public sealed record VerdictLogLine(int Version, WallTime At, string Change, VerdictEntry Verdict)
{
    /// <summary>How a change is called.</summary>
    public static string NameOf(VerdictChangeKind kind) => kind switch
    {
        VerdictChangeKind.Begun => "begun",
        VerdictChangeKind.Changed => "changed",
        VerdictChangeKind.Ended => "ended",
        _ => "recurred",
    };
}
