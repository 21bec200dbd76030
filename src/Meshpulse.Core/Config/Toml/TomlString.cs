namespace Meshpulse.Core.Config.Toml;

/// <summary>A string, its escapes resolved; line ends inside a multi-line string are LF, however the file ends its lines.</summary>
public sealed class TomlString : TomlScalar<string>
{
    internal TomlString(string value, TomlPosition position)
        : base(value, position)
    {
    }

    /// <inheritdoc />
    public override string Kind => "a string";
}
