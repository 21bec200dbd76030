using Meshpulse.Core.Diagnosis.Slices;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>What <c>GET /api/v1/slices</c> answers: recent slices of one node, the oldest first.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Node">Whose they are.</param>
/// <param name="Run">Of which run of its agent.</param>
/// <param name="Slices">The slices; none where nothing is newer than what was asked for.</param>
public sealed record SliceBatch(int Version, string Node, ulong Run, IReadOnlyList<NodeSlice> Slices)
{
    /// <summary>The version that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The most slices of one answer: thirty seconds of four a second, and some more.</summary>
    public const int MaxSlices = 150;

    /// <summary>The most bytes of one answer.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;
}
