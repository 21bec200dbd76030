namespace Meshpulse.Core.Config.Toml;

/// <summary>A key of a table with its value. The key's place is the one where it was first named.</summary>
public sealed record TomlEntry(TomlKey Key, TomlValue Value)
{
    /// <summary>The key's name.</summary>
    public string Name => Key.Name;
}
