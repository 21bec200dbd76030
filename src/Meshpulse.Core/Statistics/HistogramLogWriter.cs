using System.Globalization;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// Writes histogram logs (<c>.hlog</c>, format 1.3) as the Java HistogramLogWriter 2.1 does: comment lines, a legend, and a
/// line per interval with the compressed histogram in base64. Times have milliseconds, rounded down.
/// The usual order: <see cref="WriteFormatVersion"/>, <see cref="WriteStartTime"/>, <see cref="WriteLegend"/>, intervals.
/// </summary>
/// <param name="log">Where to; the caller owns and flushes it.</param>
public sealed class HistogramLogWriter(TextWriter log)
{
    // Java's reader takes everything up to a comma, space or line break for the tag.
    private static readonly System.Buffers.SearchValues<char> TagDelimiters = System.Buffers.SearchValues.Create(", \r\n");
    private static readonly System.Buffers.SearchValues<char> LineBreaks = System.Buffers.SearchValues.Create("\r\n");

    private WallTime _baseTime;

    /// <summary>Says which format this is: the first line.</summary>
    public void WriteFormatVersion() => WriteComment("[Histogram log format version 1.3]");

    /// <summary>Says when the log was begun.</summary>
    public void WriteStartTime(WallTime time)
    {
        var milliseconds = Milliseconds(time);
        var (days, ofDay) = ((int)(milliseconds / 86_400_000), (int)(milliseconds % 86_400_000));
        if (ofDay < 0)
        {
            (days, ofDay) = (days - 1, ofDay + 86_400_000);
        }

        var date = new DateOnly(1970, 1, 1).AddDays(days);
        var clock = new TimeOnly(ofDay * TimeSpan.TicksPerMillisecond);
        WriteComment(string.Create(
            CultureInfo.InvariantCulture,
            $"[StartTime: {Seconds(milliseconds)} (seconds since epoch), {date:ddd MMM dd} {clock:HH:mm:ss} UTC {date:yyyy}]"));
    }

    /// <summary>Says what the intervals' start times are counted from, and counts the following ones from it.</summary>
    public void WriteBaseTime(WallTime time)
    {
        _baseTime = time;
        WriteComment($"[BaseTime: {Seconds(Milliseconds(time))} (seconds since epoch)]");
    }

    /// <summary>The columns' names.</summary>
    public void WriteLegend() =>
        log.Write("\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n");

    /// <summary>A line of one's own that readers skip.</summary>
    /// <exception cref="ArgumentException">The text has a line break: what follows it would be read as data.</exception>
    public void WriteComment(string text)
    {
        ThrowIfContains(text, LineBreaks, nameof(text));
        log.Write($"#{text}\n");
    }

    /// <summary>One interval.</summary>
    /// <param name="start">When it began.</param>
    /// <param name="end">When it ended.</param>
    /// <param name="histogram">Its values.</param>
    /// <param name="tag">Tells several series in one file apart.</param>
    /// <param name="maximumUnitRatio">What the readable maximum is divided by; Java's default makes seconds of microseconds.</param>
    /// <exception cref="ArgumentException">The tag has a comma, space or line break, or the ratio is not positive.</exception>
    public void WriteInterval(WallTime start, WallTime end, HdrHistogram histogram, string? tag = null, long maximumUnitRatio = 1_000_000)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumUnitRatio);
        if (tag is not null)
        {
            ThrowIfContains(tag, TagDelimiters, nameof(tag));
            log.Write($"Tag={tag},");
        }

        // The parts are floored before they are subtracted: start and length as read add up to the end again.
        var (first, last) = (Milliseconds(start), Milliseconds(end));
        var maximum = Thousandths((decimal)histogram.Max / maximumUnitRatio);
        var payload = Convert.ToBase64String(HdrEncoding.EncodeCompressed(histogram));
        log.Write($"{Seconds(first - Milliseconds(_baseTime))},{Seconds(last - first)},{maximum},{payload}\n");
    }

    private static long Milliseconds(WallTime time) => (long)Math.Floor((decimal)time.Nanoseconds / 1_000_000);

    private static string Seconds(long milliseconds) => Thousandths(milliseconds / 1_000m);

    private static string Thousandths(decimal value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static void ThrowIfContains(string text, System.Buffers.SearchValues<char> forbidden, string name)
    {
        if (text.AsSpan().ContainsAny(forbidden))
        {
            throw new ArgumentException("The text has a character that ends a line or a field.", name);
        }
    }
}
