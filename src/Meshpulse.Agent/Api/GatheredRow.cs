using Meshpulse.Agent.Api.Json;
using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api;

/// <summary>A peer's own word on its row, as it was gathered.</summary>
/// <param name="Codes">What it says.</param>
/// <param name="Told">All that it told, names left out.</param>
/// <param name="At">When that came.</param>
internal sealed record GatheredRow(RowCodes Codes, RowDocument Told, MonoTime At);
