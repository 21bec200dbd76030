namespace Meshpulse.Core.Config.Toml;

/// <summary>A value of a document together with its place. The kinds are those of TOML 1.0 and no others.</summary>
public abstract class TomlValue
{
    private protected TomlValue(TomlPosition position) => Position = position;

    /// <summary>
    /// Where the value starts. Tables that a header or a dotted key made have the place of the key's last part that names them;
    /// a table that was first made on the way to another takes the place of its own header once that comes.
    /// </summary>
    public TomlPosition Position { get; internal set; }

    /// <summary>The kind with its article, for messages: <c>a string</c>, <c>an integer</c>.</summary>
    public abstract string Kind { get; }
}
