namespace Meshpulse.Core.Config.Toml;

/// <summary>A day without a time or a place.</summary>
public sealed class TomlLocalDate : TomlScalar<LocalDate>
{
    internal TomlLocalDate(LocalDate value, TomlPosition position)
        : base(value, position)
    {
    }

    /// <inheritdoc />
    public override string Kind => "a local date";
}
