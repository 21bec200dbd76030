using Meshpulse.Agent.Maintenance;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Commands;

/// <summary>What <c>meshpulse maintenance</c> was asked for, every value checked.</summary>
/// <param name="Verb">What to do.</param>
/// <param name="File">The maintenance file's path.</param>
/// <param name="For">How long it is to last, a second to a year; null for without end. Only with <see cref="MaintenanceVerb.On"/>.</param>
/// <param name="Reason">Why, at most <see cref="MaintenanceFile.LongestReason"/> long; null where nobody said. Only with <see cref="MaintenanceVerb.On"/>.</param>
/// <param name="Json">Print JSON.</param>
public sealed record MaintenanceArguments(MaintenanceVerb Verb, string File, Duration? For, string? Reason, bool Json);
