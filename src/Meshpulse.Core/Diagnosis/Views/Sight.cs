using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Views;

/// <summary>What one node saw of another in one slice, on the judge's axis.</summary>
/// <param name="From">When the slice began.</param>
/// <param name="Until">When it ended.</param>
/// <param name="Shift">What makes the node's moments ours.</param>
/// <param name="Peer">What it saw.</param>
internal readonly record struct Sight(MonoTime From, MonoTime Until, Duration Shift, PeerSlice Peer);
