namespace Meshpulse.Core.Config;

/// <summary>A probe of the same key that is to go on with other settings or to another address.</summary>
public sealed record ProbeChange(ProbeDefinition Old, ProbeDefinition New);
