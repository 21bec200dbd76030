namespace Meshpulse.Core.Config.Toml;

/// <summary>A date and time with its offset from UTC: one instant.</summary>
public sealed class TomlOffsetDateTime : TomlScalar<OffsetDateTime>
{
    internal TomlOffsetDateTime(OffsetDateTime value, TomlPosition position)
        : base(value, position)
    {
    }

    /// <inheritdoc />
    public override string Kind => "an offset date-time";
}
