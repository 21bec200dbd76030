using System.Globalization;

namespace Meshpulse.Core.Config.Toml;

/// <summary>Integers in four bases, and floats. The grammar is checked here; the platform's parser only converts what passed.</summary>
internal static class TomlNumbers
{
    /// <summary>Reads a whole token; null, once reported, where it is no number.</summary>
    public static TomlValue? Read(ReadOnlySpan<char> token, TomlPosition at, TomlDiagnostics diagnostics)
    {
        if (Convert(token, at, out var value) is { } problem)
            diagnostics.Refuse(at, $"{TomlDiagnostics.Quote(token)} is no number: {problem}");
        return value;
    }

    private static string? Convert(ReadOnlySpan<char> token, TomlPosition at, out TomlValue? value)
    {
        value = null;
        var negative = token[0] == '-';
        var body = token[0] is '+' or '-' ? token[1..] : token;
        var radix = body switch
        {
            ['0', 'x', ..] => 16,
            ['0', 'o', ..] => 8,
            ['0', 'b', ..] => 2,
            _ => 10,
        };
        if (radix != 10)
            return body.Length < token.Length ? "only decimal numbers take a sign" : ConvertInteger(body[2..], radix, negative, at, out value);
        if (body is "inf" or "nan")
            value = new TomlFloat(body is "nan" ? double.NaN : negative ? double.NegativeInfinity : double.PositiveInfinity, at);
        else
            return body.IndexOfAny('.', 'e', 'E') < 0 ? ConvertInteger(body, 10, negative, at, out value) : ConvertFloat(body, negative, at, out value);
        return null;
    }

    private static string? ConvertInteger(ReadOnlySpan<char> digits, int radix, bool negative, TomlPosition at, out TomlValue? value)
    {
        value = null;
        if ((radix == 10 ? FaultInWhole(digits) : FaultInDigits(digits, radix)) is { } fault)
            return fault;
        var limit = negative ? 1UL << 63 : long.MaxValue;
        var size = 0UL;
        foreach (var c in digits)
        {
            if (c == '_')
                continue;
            var digit = (ulong)HexValue(c);
            if (size > (limit - digit) / (ulong)radix)
                return "integers go from -9223372036854775808 to 9223372036854775807";
            size = (size * (ulong)radix) + digit;
        }

        value = new TomlInteger(negative ? unchecked(-(long)size) : (long)size, at);
        return null;
    }

    private static string? ConvertFloat(ReadOnlySpan<char> body, bool negative, TomlPosition at, out TomlValue? value)
    {
        value = null;
        var e = body.IndexOfAny('e', 'E');
        var mantissa = e < 0 ? body : body[..e];
        var point = mantissa.IndexOf('.');
        var fault = FaultInWhole(point < 0 ? mantissa : mantissa[..point]);
        if (point >= 0)
            fault ??= FaultInDigits(mantissa[(point + 1)..], 10);
        if (e >= 0)
            fault ??= FaultInDigits(body[(e + 1)..] is ['+' or '-', .. var unsigned] ? unsigned : body[(e + 1)..], 10);
        if (fault is not null)
            return fault;
        var size = double.Parse(body.ToString().Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);
        value = new TomlFloat(negative ? -size : size, at);
        return null;
    }

    private static string? FaultInWhole(ReadOnlySpan<char> digits) =>
        digits is ['0', (>= '0' and <= '9') or '_', ..] ? "it starts with a needless 0" : FaultInDigits(digits, 10);

    private static string? FaultInDigits(ReadOnlySpan<char> digits, int radix)
    {
        if (digits.IsEmpty)
            return "a digit is missing";
        var lastWasDigit = false;
        foreach (var c in digits)
        {
            if (c != '_' && (!char.IsAsciiHexDigit(c) || HexValue(c) >= radix))
                return $"{TomlDiagnostics.Quote([c])} is no digit in base {radix}";
            if (c == '_' && !lastWasDigit)
                break;
            lastWasDigit = c != '_';
        }

        return lastWasDigit ? null : "an underscore must stand between two digits";
    }

    private static int HexValue(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}
