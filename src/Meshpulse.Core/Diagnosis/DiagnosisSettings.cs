using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis;

/// <summary>From where on something is worth a verdict. The defaults are what docs/verdicts.md says.</summary>
public sealed record DiagnosisSettings
{
    /// <summary>A host whose thread did not run for so long has stalled.</summary>
    public Duration StallFloor { get; init; } = Duration.FromMilliseconds(50);

    /// <summary>Wake-ups so late, in most slices, are a host that is chronically late.</summary>
    public Duration ChronicFloor { get; init; } = Duration.FromMicroseconds(900);

    /// <summary>Nothing heard for so long is silence, and not a lost segment.</summary>
    public Duration SilenceFloor { get; init; } = Duration.FromMilliseconds(250);

    /// <summary>Who has told nothing for so long can't be counted on as a witness.</summary>
    public Duration StaleAfter { get; init; } = Duration.FromMilliseconds(900);

    /// <summary>After silence for so long, with no sign of its kernel, a host is gone and has not just stalled.</summary>
    public Duration GoneAfter { get; init; } = Duration.FromMilliseconds(1_000);

    /// <summary>A delay that grew by less is no verdict.</summary>
    public Duration LatencyFloor { get; init; } = Duration.FromMilliseconds(1);

    /// <summary>A clock that stepped by less is no verdict.</summary>
    public Duration ClockStepFloor { get; init; } = Duration.FromMilliseconds(5);

    /// <summary>Clocks that run apart faster than this, in parts per million, proven, are a verdict.</summary>
    public double DriftFloorPpm { get; init; } = 60;

    /// <summary>What share of a host's or a datacenter's paths must suffer for it to be the culprit.</summary>
    public double WideShare { get; init; } = 0.75;

    /// <summary>What was said must have been true for so long before it is said to be over.</summary>
    public Duration Hold { get; init; } = Duration.FromSeconds(2);

    /// <summary>What comes again within this time is the same incident.</summary>
    public Duration RecurWithin { get; init; } = Duration.FromSeconds(30);

    /// <summary>How long verdicts that ended are kept.</summary>
    public Duration KeepFor { get; init; } = Duration.FromSeconds(3_600);

    /// <summary>The most verdicts kept, in force or not.</summary>
    public int MaxVerdicts { get; init; } = 1_000;
}
