namespace Meshpulse.Core.Config.Toml;

/// <summary>A day of the Gregorian calendar (RFC 3339 full-date), as it was written.</summary>
/// <param name="Year">0 to 9999.</param>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to the month's last day.</param>
public readonly record struct LocalDate(int Year, int Month, int Day)
{
    /// <summary>True where the calendar has such a day (RFC 3339 section 5.7 and appendix C for the leap years).</summary>
    public bool IsValid =>
        Year is >= 0 and <= 9999 && Month is >= 1 and <= 12 && Day >= 1 && Day <= DaysInMonth(Year, Month);

    /// <summary><c>YYYY-MM-DD</c>.</summary>
    public override string ToString() => $"{Year:0000}-{Month:00}-{Day:00}";

    private static int DaysInMonth(int year, int month) => month switch
    {
        2 when year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };
}
