namespace Meshpulse.Core.Config.Toml;

/// <summary>A binary64 number (IEEE 754), infinities and not-a-number included; a number too great for it is an infinity.</summary>
public sealed class TomlFloat : TomlScalar<double>
{
    internal TomlFloat(double value, TomlPosition position)
        : base(value, position)
    {
    }

    /// <inheritdoc />
    public override string Kind => "a float";
}
