using System.Globalization;

namespace Meshpulse.Core.Config.Toml;

/// <summary>The four kinds of dates and times: RFC 3339's forms, with or without an offset, a time or a date.</summary>
internal static class TomlDateTimes
{
    private const int DateLength = 10;

    /// <summary>
    /// True where a token means to be a date or a time: its digits end in - or :. What starts so can be nothing else in TOML.
    /// </summary>
    public static bool IsMeant(ReadOnlySpan<char> token) =>
        token.IndexOfAnyExceptInRange('0', '9') is > 0 and var end && token[end] is '-' or ':';

    /// <summary>True for a token of a date's length and form: a blank and a digit behind it go on with the time.</summary>
    public static bool IsDate(ReadOnlySpan<char> token) => Fits(token, "dddd-dd-dd");

    /// <summary>Reads a whole token; null, once reported, where it is no date or time.</summary>
    public static TomlValue? Read(ReadOnlySpan<char> token, TomlPosition at, TomlDiagnostics diagnostics)
    {
        if (Convert(token, at, out var value) is { } problem)
            diagnostics.Refuse(at, $"{TomlDiagnostics.Quote(token)}: {problem}");
        return value;
    }

    private static string? Convert(ReadOnlySpan<char> token, TomlPosition at, out TomlValue? value)
    {
        value = null;
        if (token[token.IndexOfAnyExceptInRange('0', '9')] == ':')
        {
            if (ConvertTime(token, out var alone, out var behind) is { } fault)
                return fault;
            value = new TomlLocalTime(alone, at);
            return behind.IsEmpty ? null : "a time without a date takes no offset";
        }

        if (ConvertDate(token, out var date) is { } problem)
            return problem;
        if (token.Length == DateLength)
        {
            value = new TomlLocalDate(date, at);
            return null;
        }

        return token[DateLength] is 'T' or 't' or ' '
            ? ConvertDateTime(date, token[(DateLength + 1)..], at, out value)
            : "between the date and the time stands T or one space";
    }

    private static string? ConvertDateTime(LocalDate date, ReadOnlySpan<char> rest, TomlPosition at, out TomlValue? value)
    {
        value = null;
        var offset = 0;
        if ((ConvertTime(rest, out var time, out var behind) ?? ConvertOffset(behind, out offset)) is { } fault)
            return fault;
        var local = new LocalDateTime(date, time);
        value = behind.IsEmpty ? new TomlLocalDateTime(local, at) : new TomlOffsetDateTime(new OffsetDateTime(local, offset), at);
        return null;
    }

    private static string? ConvertDate(ReadOnlySpan<char> token, out LocalDate date)
    {
        date = default;
        if (token.Length < DateLength || !IsDate(token[..DateLength]))
            return "a date is written YYYY-MM-DD";
        date = new LocalDate(Number(token[..4]), Number(token[5..7]), Number(token[8..10]));
        return date.IsValid ? null : "the calendar has no such day";
    }

    private static string? ConvertTime(ReadOnlySpan<char> token, out LocalTime time, out ReadOnlySpan<char> behind)
    {
        time = default;
        behind = default;
        if (token.Length < 8 || !Fits(token[..8], "dd:dd:dd"))
            return "a time is written HH:MM:SS";
        var nanosecond = 0;
        behind = token[8..];
        if (behind is ['.', .. var fraction])
        {
            var length = fraction.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : fraction.Length;
            if (length == 0)
                return "digits are missing behind the seconds' point";
            nanosecond = Number($"{fraction[..Math.Min(length, 9)]}".PadRight(9, '0'));
            behind = fraction[length..];
        }

        time = new LocalTime(Number(token[..2]), Number(token[3..5]), Number(token[6..8]), nanosecond);
        return time.IsValid ? null : "the clock has no such time";
    }

    private static string? ConvertOffset(ReadOnlySpan<char> token, out int minutes)
    {
        minutes = 0;
        if (token is "" or "Z" or "z")
            return null;
        if (token is not ['+' or '-', .. var size] || !Fits(size, "dd:dd"))
            return "behind the time may stand Z or an offset, written +HH:MM or -HH:MM";
        var (hour, minute) = (Number(size[..2]), Number(size[3..]));
        minutes = ((hour * 60) + minute) * (token[0] == '-' ? -1 : 1);
        return hour <= 23 && minute <= 59 ? null : "offsets go from -23:59 to +23:59";
    }

    private static bool Fits(ReadOnlySpan<char> token, string form)
    {
        if (token.Length != form.Length)
            return false;
        for (var i = 0; i < form.Length; i++)
        {
            if (form[i] == 'd' ? !char.IsAsciiDigit(token[i]) : form[i] != token[i])
                return false;
        }

        return true;
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
