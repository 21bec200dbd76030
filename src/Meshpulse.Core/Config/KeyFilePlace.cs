using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Core.Config;

/// <summary>A file of keys that a configuration needs, and where it is named first: whoever reads it can say what is wrong with it at its place.</summary>
/// <param name="Position">Where its path stands.</param>
/// <param name="Key">The key that names it: <c>key_file</c> or <c>stamp_key_file</c>.</param>
/// <param name="Path">An absolute path.</param>
public sealed record KeyFilePlace(TomlPosition Position, string Key, string Path);
