namespace Meshpulse.Core.Config.Toml;

/// <summary>A date and time without an offset: an instant only for those who know the place.</summary>
public sealed class TomlLocalDateTime : TomlScalar<LocalDateTime>
{
    internal TomlLocalDateTime(LocalDateTime value, TomlPosition position)
        : base(value, position)
    {
    }

    /// <inheritdoc />
    public override string Kind => "a local date-time";
}
