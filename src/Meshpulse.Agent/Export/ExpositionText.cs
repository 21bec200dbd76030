using System.Buffers;
using System.Globalization;
using System.Text;

namespace Meshpulse.Agent.Export;

/// <summary>
/// Names, escapes and numbers of the exposition formats.
/// <para>
/// Label values come from other hosts, so they are hostile until written. The formats allow every character but
/// backslash, quote and line feed to stand as it is. That is not enough: some scrapers (the Datadog agent among them) cut the
/// page into lines with a general line splitter that also stops at carriage returns, form feeds, U+0085, U+2028 and
/// their like, and to those a carriage return in a node's name would begin a forged sample. Escape sequences would
/// also reach the terminal of whoever looks with curl. So control characters and separators, but for the line
/// feed that has an escape, become U+FFFD, as do lone surrogates.
/// </para>
/// </summary>
internal static class ExpositionText
{
    private static readonly SearchValues<char> PlainAscii = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private static readonly SearchValues<char> LabelNameChars = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz0123456789");

    private static readonly SearchValues<char> MetricNameChars = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz0123456789:");

    public static bool IsMetricName(ReadOnlySpan<char> name, int maxLength) =>
        name.Length > 0 && name.Length <= maxLength && !char.IsAsciiDigit(name[0]) && !name.ContainsAnyExcept(MetricNameChars);

    public static bool IsLabelName(ReadOnlySpan<char> name, int maxLength) =>
        name.Length > 0 && name.Length <= maxLength && !char.IsAsciiDigit(name[0]) && !name.StartsWith("__", StringComparison.Ordinal)
        && !name.ContainsAnyExcept(LabelNameChars);

    public static void AppendAscii(IBufferWriter<byte> to, ReadOnlySpan<char> text) =>
        to.Advance(Encoding.ASCII.GetBytes(text, to.GetSpan(text.Length)));

    /// <summary>Escapes text; what exceeds <paramref name="maxLength"/> UTF-16 units is cut and marked with an ellipsis.</summary>
    public static void AppendEscaped(IBufferWriter<byte> to, ReadOnlySpan<char> text, int maxLength, bool escapeQuotes)
    {
        var cut = text.Length > maxLength;
        text = cut ? text[..WholeRunes(text, maxLength)] : text;
        while (text.Length > 0)
        {
            var special = text.IndexOfAnyExcept(PlainAscii);
            var plain = special < 0 ? text.Length : special;
            AppendAscii(to, text[..plain]);
            text = text[plain..];
            if (text.Length > 0)
            {
                // A lone surrogate decodes as U+FFFD and counts one unit.
                _ = Rune.DecodeFromUtf16(text, out var rune, out var used);
                AppendRune(to, rune, escapeQuotes);
                text = text[used..];
            }
        }

        if (cut)
        {
            to.Write("…"u8);
        }
    }

    /// <summary>The shortest digits that read back the same, in any spelling a float parser takes; NaN, +Inf, -Inf.</summary>
    public static int FormatValue(double value, Span<byte> to)
    {
        if (double.IsFinite(value))
        {
            _ = value.TryFormat(to, out var written, default, CultureInfo.InvariantCulture);
            return written;
        }

        var word = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
        word.CopyTo(to);
        return word.Length;
    }

    private static int WholeRunes(ReadOnlySpan<char> text, int maxLength) =>
        maxLength > 0 && char.IsHighSurrogate(text[maxLength - 1]) && char.IsLowSurrogate(text[maxLength]) ? maxLength - 1 : maxLength;

    private static void AppendRune(IBufferWriter<byte> to, Rune rune, bool escapeQuotes)
    {
        switch (rune.Value)
        {
            case '\\':
                to.Write("\\\\"u8);
                break;
            case '\n':
                to.Write("\\n"u8);
                break;
            case '"' when escapeQuotes:
                to.Write("\\\""u8);
                break;
            default:
                var safe = Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 ? Rune.ReplacementChar : rune;
                to.Advance(safe.EncodeToUtf8(to.GetSpan(4)));
                break;
        }
    }
}
