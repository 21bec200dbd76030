using System.Text.Json.Serialization;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>The shapes of what nodes tell each other, known when the program is built; <see cref="FleetJson"/> says how they are written.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SliceBatch))]
[JsonSerializable(typeof(NodeSlice))]
[JsonSerializable(typeof(PeerSlice))]
[JsonSerializable(typeof(PathSlice))]
[JsonSerializable(typeof(GapSlice))]
[JsonSerializable(typeof(FlowSlice))]
[JsonSerializable(typeof(FlowRequests))]
[JsonSerializable(typeof(DelaySlice))]
[JsonSerializable(typeof(HostStall))]
[JsonSerializable(typeof(ClockStep?))]
[JsonSerializable(typeof(MtuFigures))]
[JsonSerializable(typeof(SeenField))]
[JsonSerializable(typeof(VerdictDocument))]
[JsonSerializable(typeof(VerdictEntry))]
[JsonSerializable(typeof(VerdictEvidenceEntry))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(SliceLogLine))]
[JsonSerializable(typeof(VerdictLogLine))]
internal sealed partial class FleetContext : JsonSerializerContext;
