using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>
/// Makes moments of times of day, which is all that meshmonitor prints: a time far before the one before it is the next day's. Days have 24 hours here: after the
/// end of summer time an hour comes twice.
/// </summary>
/// <param name="midnight">When the day of the first line began, where the lines were printed.</param>
internal sealed class TranscriptClock(WallTime midnight)
{
    private const int Day = 86_400;
    private const int MostDays = 10_000;

    private int _days;
    private int? _last;

    /// <summary>The last moment, in seconds since the first midnight; null before the first.</summary>
    public long? Elapsed => _last is { } last ? ((long)_days * Day) + last : null;

    /// <summary>The moment of a line.</summary>
    /// <param name="second">Seconds since midnight.</param>
    public WallTime At(int second)
    {
        // A line that is a little older than the one before it is of the same day: two threads wrote them.
        if (_last is { } last && second < last - (Day / 2) && _days < MostDays)
        {
            _days++;
        }

        _last = second;
        return midnight + Duration.FromSeconds(((long)_days * Day) + second);
    }

    /// <summary>The last moment before another, within a day, that has a time of day.</summary>
    /// <param name="milliseconds">Milliseconds since midnight.</param>
    public WallTime Before(WallTime at, int milliseconds)
    {
        var today = midnight + Duration.FromSeconds((long)_days * Day) + Duration.FromMilliseconds(milliseconds);
        return today > at + Duration.FromSeconds(1) ? today - Duration.FromSeconds(Day) : today;
    }
}
