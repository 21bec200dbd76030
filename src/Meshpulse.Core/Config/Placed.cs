using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Core.Config;

/// <summary>Something read, and where it stands: what a later check has to say about it needs the place.</summary>
internal readonly record struct Placed<T>(T Value, TomlPosition Position);
