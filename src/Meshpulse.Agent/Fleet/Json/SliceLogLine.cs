using Meshpulse.Core.Diagnosis.Slices;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>A line of the log file that holds a slice.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Slice">The slice.</param>
public sealed record SliceLogLine(int Version, NodeSlice Slice);
