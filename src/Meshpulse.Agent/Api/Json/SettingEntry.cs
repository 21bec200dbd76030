namespace Meshpulse.Agent.Api.Json;

/// <summary>One setting.</summary>
/// <param name="Name">As its option is called, without dashes, or its key of the configuration file.</param>
/// <param name="Value">As text.</param>
public sealed record SettingEntry(string Name, string Value);
