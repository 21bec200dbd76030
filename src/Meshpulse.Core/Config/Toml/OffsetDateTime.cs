namespace Meshpulse.Core.Config.Toml;

/// <summary>A day and a time with the offset from UTC that they hold at (RFC 3339 date-time).</summary>
/// <param name="Local">The reading of a clock at that offset.</param>
/// <param name="OffsetMinutes">Minutes east of UTC, -1439 to 1439; 0 stands for <c>Z</c>, <c>+00:00</c> and <c>-00:00</c> alike.</param>
public readonly record struct OffsetDateTime(LocalDateTime Local, int OffsetMinutes)
{
    /// <summary>The RFC 3339 form, with <c>Z</c> for UTC.</summary>
    public override string ToString()
    {
        if (OffsetMinutes == 0)
            return $"{Local}Z";
        var size = Math.Abs(OffsetMinutes);
        return $"{Local}{(OffsetMinutes < 0 ? '-' : '+')}{size / 60:00}:{size % 60:00}";
    }
}
