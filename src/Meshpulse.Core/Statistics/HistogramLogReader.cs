using System.Globalization;
using System.Text;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// Reads histogram logs (<c>.hlog</c>, formats 1.2 and 1.3) as the Java HistogramLogReader 2.1 does, and says so where
/// a line makes no sense, which Java passes over.
/// <para>
/// Whether start times are absolute is a matter of the headers: with a base time they count from it. Without one they count
/// from the start time where they lie more than a year before it (no log does), else from the epoch.
/// </para>
/// </summary>
/// <param name="log">Where from; the caller owns it. A line may have <see cref="MaximumLineLength"/> characters.</param>
public sealed class HistogramLogReader(TextReader log)
{
    /// <summary>In characters: the base64 of a histogram that takes <see cref="HdrEncoding.MaximumBytes"/> fits.</summary>
    public const int MaximumLineLength = 1_500_000;

    private const decimal SecondsInYear = 365 * 24 * 3_600;
    private const string StartTimeHeader = "#[StartTime:";
    private const string BaseTimeHeader = "#[BaseTime:";

    private static readonly char[] Delimiters = [',', ' '];

    private readonly StringBuilder _line = new();
    private long _lineNumber;
    private decimal? _startSeconds;
    private decimal? _baseSeconds;

    /// <summary>The log's start time, once its header, or the first interval of a log without one, was read.</summary>
    public WallTime? StartTime => _startSeconds is { } seconds ? new WallTime((long)(seconds * 1_000_000_000)) : null;

    /// <summary>The next interval, or null at the end.</summary>
    /// <exception cref="FormatException">
    /// The line is malformed or too long, with its number in the message; the next call goes on with the line after it.
    /// </exception>
    public HistogramLogInterval? ReadNext()
    {
        while (ReadLine() is { } line)
        {
            if (line.StartsWith(StartTimeHeader, StringComparison.Ordinal))
            {
                _startSeconds = ParseSeconds(line[StartTimeHeader.Length..].TrimStart().Split(Delimiters, 2)[0]);
            }
            else if (line.StartsWith(BaseTimeHeader, StringComparison.Ordinal))
            {
                _baseSeconds = ParseSeconds(line[BaseTimeHeader.Length..].TrimStart().Split(Delimiters, 2)[0]);
            }
            else if (line.Length > 0 && line[0] is not ('#' or '"'))
            {
                return ParseInterval(line);
            }
        }

        return null;
    }

    /// <summary>All that follow.</summary>
    /// <exception cref="FormatException">As of <see cref="ReadNext"/>, while enumerating.</exception>
    public IEnumerable<HistogramLogInterval> ReadAll()
    {
        while (ReadNext() is { } interval)
        {
            yield return interval;
        }
    }

    private HistogramLogInterval ParseInterval(string line)
    {
        var fields = line.Split(Delimiters, 6);
        string? tag = null;
        if (fields[0].StartsWith("Tag=", StringComparison.Ordinal))
        {
            tag = fields[0]["Tag=".Length..];
            fields = fields[1..];
        }

        if (fields.Length < 4)
        {
            throw Malformed("an interval has a start, a length, a maximum and a histogram");
        }

        var start = ParseSeconds(fields[0]);
        var length = ParseSeconds(fields[1]);
        if (!double.TryParse(fields[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var maximum))
        {
            throw Malformed("the maximum is no number");
        }

        _startSeconds ??= start;
        _baseSeconds ??= start < _startSeconds - SecondsInYear ? _startSeconds.Value : 0;
        var begin = Nanoseconds(start + _baseSeconds.Value);
        return new HistogramLogInterval(tag, new WallTime(begin), new Duration(Nanoseconds(length)), maximum, ParseHistogram(fields[3]));
    }

    private HdrHistogram ParseHistogram(string base64)
    {
        try
        {
            return HdrEncoding.DecodeCompressed(Convert.FromBase64String(base64));
        }
        catch (FormatException e)
        {
            throw Malformed(e.Message, e);
        }
    }

    private decimal ParseSeconds(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            throw Malformed("a time is no number");
        }

        Nanoseconds(seconds);
        return seconds;
    }

    /// <summary>Fails where int64 nanoseconds cannot hold the time: beyond 292 years on either side.</summary>
    private long Nanoseconds(decimal seconds) => Math.Abs(seconds) <= long.MaxValue / 1_000_000_000
        ? (long)(seconds * 1_000_000_000)
        : throw Malformed("a time is out of range");

    /// <summary>A line without its end, or null at the end of the text; a longer one than allowed is passed over, not kept.</summary>
    private string? ReadLine()
    {
        _line.Clear();
        _lineNumber++;
        var length = 0L;
        int c;
        while ((c = log.Read()) is not (-1 or '\n'))
        {
            if (++length <= MaximumLineLength)
            {
                _line.Append((char)c);
            }
        }

        if (length > MaximumLineLength)
        {
            throw Malformed("the line is too long");
        }

        return c < 0 && length == 0 ? null : _line.ToString().Trim();
    }

    private FormatException Malformed(string what, Exception? cause = null) => new($"Line {_lineNumber}: {what}.", cause);
}
