namespace Meshpulse.Core.Config.Toml;

/// <summary>One part of a key: its name with quotes and escapes resolved, and where it stands.</summary>
public readonly record struct TomlKey(string Name, TomlPosition Position);
