namespace Meshpulse.Core.Config.Toml;

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed class TomlBoolean : TomlScalar<bool>
{
    internal TomlBoolean(bool value, TomlPosition position)
        : base(value, position)
    {
    }

    /// <inheritdoc />
    public override string Kind => "a boolean";
}
