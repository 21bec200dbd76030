using System.Globalization;

namespace Meshpulse.Agent.Export;

/// <summary>
/// A finite double as its shortest decimal digits that read back as the same double: <c>0.d₁d₂… × 10^Point</c>.
/// <para>
/// The problem: bucket bounds are label values, so their spelling is part of a series' identity, and the two formats
/// spell them differently. The obvious way, one of .NET's format strings, switches to exponents at its own limits
/// (1E-05, 1E+15), which neither format has. What we do: take .NET's digits and lay them out ourselves.
/// </para>
/// </summary>
internal ref struct ShortestDecimal
{
    /// <summary>Room for any double without an exponent: sign, point, 17 digits and at most 324 zeros.</summary>
    public const int MaxPlainLength = 352;

    private readonly Span<byte> _digits;
    private readonly bool _negative;
    private int _count;
    private int _point;

    /// <summary>Takes a finite value apart.</summary>
    /// <param name="value">Any value but NaN and the infinities.</param>
    /// <param name="digits">Scratch of at least 32 bytes that must outlive this.</param>
    public ShortestDecimal(double value, Span<byte> digits)
    {
        _digits = digits;
        _negative = double.IsNegative(value) && value != 0;
        Span<byte> text = stackalloc byte[32];
        _ = Math.Abs(value).TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        text = text[..length];
        var exponentAt = text.IndexOf((byte)'E');
        if (exponentAt >= 0)
        {
            // "+16" parses as well as "-05".
            _point = int.Parse(text[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..exponentAt];
        }

        TakeDigits(text);
    }

    /// <summary>Without an exponent, whatever the size: <c>0.00001</c>, <c>10</c>.</summary>
    /// <param name="to">At least <see cref="MaxPlainLength"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public readonly int WritePlain(Span<byte> to)
    {
        var at = WriteSign(to);
        if (_point <= 0)
        {
            to[at++] = (byte)'0';
            if (_count > 0)
            {
                to[at++] = (byte)'.';
                to.Slice(at, -_point).Fill((byte)'0');
                at -= _point;
                _digits[.._count].CopyTo(to[at..]);
                at += _count;
            }

            return at;
        }

        var whole = Math.Min(_point, _count);
        _digits[..whole].CopyTo(to[at..]);
        at += whole;
        to.Slice(at, _point - whole).Fill((byte)'0');
        at += _point - whole;
        return whole == _count ? at : WriteFraction(to, at, whole);
    }

    /// <summary>
    /// The canonical spelling of OpenMetrics 1.0, "Canonical Numbers": fixed point from 0.0001 up to a million, an exponent
    /// of at least two digits beyond, and always recognisably a float: <c>1e-05</c>, <c>0.0005</c>, <c>1.0</c>, <c>1e+06</c>.
    /// </summary>
    /// <param name="to">At least <see cref="MaxPlainLength"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public readonly int WriteCanonical(Span<byte> to)
    {
        var exponent = _point - 1;
        if (_count > 0 && exponent is < -4 or >= 6)
        {
            return WriteScientific(to, exponent);
        }

        var at = WritePlain(to);
        if (to[..at].Contains((byte)'.'))
        {
            return at;
        }

        ".0"u8.CopyTo(to[at..]);
        return at + 2;
    }

    private readonly int WriteScientific(Span<byte> to, int exponent)
    {
        var at = WriteSign(to);
        to[at++] = _digits[0];
        at = _count > 1 ? WriteFraction(to, at, 1) : at;
        to[at++] = (byte)'e';
        to[at++] = exponent < 0 ? (byte)'-' : (byte)'+';
        _ = Math.Abs(exponent).TryFormat(to[at..], out var written, "00", CultureInfo.InvariantCulture);
        return at + written;
    }

    private readonly int WriteFraction(Span<byte> to, int at, int from)
    {
        to[at++] = (byte)'.';
        _digits[from.._count].CopyTo(to[at..]);
        return at + _count - from;
    }

    private readonly int WriteSign(Span<byte> to)
    {
        if (_negative)
        {
            to[0] = (byte)'-';
        }

        return _negative ? 1 : 0;
    }

    private void TakeDigits(scoped ReadOnlySpan<byte> mantissa)
    {
        var dot = mantissa.IndexOf((byte)'.');
        _point += dot < 0 ? mantissa.Length : dot;
        foreach (var c in mantissa)
        {
            if (c == '.')
            {
                continue;
            }

            if (_count == 0 && c == '0')
            {
                _point--;
                continue;
            }

            _digits[_count++] = c;
        }

        while (_count > 0 && _digits[_count - 1] == '0')
        {
            _count--;
        }

        _point = _count == 0 ? 0 : _point;
    }
}
