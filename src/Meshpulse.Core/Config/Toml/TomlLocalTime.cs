namespace Meshpulse.Core.Config.Toml;

/// <summary>A time of day without a day or a place.</summary>
public sealed class TomlLocalTime : TomlScalar<LocalTime>
{
    internal TomlLocalTime(LocalTime value, TomlPosition position)
        : base(value, position)
    {
    }

    /// <inheritdoc />
    public override string Kind => "a local time";
}
