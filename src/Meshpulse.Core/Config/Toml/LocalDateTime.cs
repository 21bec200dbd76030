namespace Meshpulse.Core.Config.Toml;

/// <summary>A day and a time of that day, at an unnamed place.</summary>
public readonly record struct LocalDateTime(LocalDate Date, LocalTime Time)
{
    /// <summary><c>YYYY-MM-DDTHH:MM:SS</c> with the fraction's digits that are needed.</summary>
    public override string ToString() => $"{Date}T{Time}";
}
