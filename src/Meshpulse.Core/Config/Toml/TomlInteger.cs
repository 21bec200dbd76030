namespace Meshpulse.Core.Config.Toml;

/// <summary>A whole number from -2^63 to 2^63 - 1, whichever base it was written in.</summary>
public sealed class TomlInteger : TomlScalar<long>
{
    internal TomlInteger(long value, TomlPosition position)
        : base(value, position)
    {
    }

    /// <inheritdoc />
    public override string Kind => "an integer";
}
