namespace Meshpulse.Agent.Export;

/// <summary>
/// Chooses the format of a page from a request's Accept header (RFC 9110 section 12.5.1), without allocating and without ever
/// failing: what is malformed is passed over, and where nothing is left the answer is Prometheus text, which every scraper reads.
/// <para>
/// For each of our two formats the most specific media range that covers it gives its weight; the higher weight wins. Where both
/// weigh the same, OpenMetrics wins only if it was named: a browser or curl that takes anything gets plain text.
/// </para>
/// </summary>
public static class MetricsNegotiation
{
    /// <summary>What is looked at of a header, in characters; the rest is passed over.</summary>
    public const int MaxHeaderLength = 4096;

    private const int Named = 3;
    private const int NamedType = 2;
    private const int Anything = 1;

    /// <summary>The format to answer with.</summary>
    /// <param name="accept">The Accept header; several lines joined by commas; empty where there was none.</param>
    public static ExpositionFormat Choose(ReadOnlySpan<char> accept)
    {
        accept = accept.Length > MaxHeaderLength ? accept[..MaxHeaderLength] : accept;
        var text = default(Preference);
        var openMetrics = default(Preference);
        while (accept.Length > 0)
        {
            var range = TakeUntil(ref accept, ',');
            if (TryReadRange(range, out var media, out var version, out var weight))
            {
                text.Offer(Specificity(media, "text/plain", "text/*", version, "0.0.4"), weight);
                openMetrics.Offer(Specificity(media, "application/openmetrics-text", "application/*", version, "1.0.0"), weight);
            }
        }

        var wanted = openMetrics.Weight > text.Weight
            || (openMetrics.Weight == text.Weight && openMetrics.Weight > 0 && openMetrics.Specificity == Named);
        return wanted ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText;
    }

    /// <summary>The Content-Type to answer with: type, version and charset.</summary>
    public static string ContentType(ExpositionFormat format) => format == ExpositionFormat.OpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Whether the page may go compressed: only to who names gzip (RFC 9110, section 12.5.3) and does not weigh it 0.</summary>
    /// <param name="acceptEncoding">The Accept-Encoding header; several lines joined by commas; empty where there was none.</param>
    public static bool TakesGzip(ReadOnlySpan<char> acceptEncoding) => Takes(acceptEncoding, "gzip");

    /// <summary>The same of any coding.</summary>
    public static bool Takes(ReadOnlySpan<char> acceptEncoding, string name)
    {
        acceptEncoding = acceptEncoding.Length > MaxHeaderLength ? acceptEncoding[..MaxHeaderLength] : acceptEncoding;
        while (acceptEncoding.Length > 0)
        {
            var range = TakeUntil(ref acceptEncoding, ',');
            if (TryReadRange(range, out var coding, out _, out var weight) && coding.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return weight > 0;
            }
        }

        return false;
    }

    private static int Specificity(ReadOnlySpan<char> media, string name, string type, ReadOnlySpan<char> version, string ours)
    {
        if (media.Equals(name, StringComparison.OrdinalIgnoreCase))
        {
            // A range that asks for another version doesn't cover ours.
            return version.Length == 0 || version.SequenceEqual(ours) ? Named : 0;
        }

        return media.Equals(type, StringComparison.OrdinalIgnoreCase) ? NamedType : media.SequenceEqual("*/*") ? Anything : 0;
    }

    private static bool TryReadRange(ReadOnlySpan<char> range, out ReadOnlySpan<char> media, out ReadOnlySpan<char> version, out int weight)
    {
        weight = 1000;
        version = default;
        media = TakeUntil(ref range, ';').Trim(" \t");
        while (range.Length > 0)
        {
            var value = TakeUntil(ref range, ';');
            var name = TakeUntil(ref value, '=').Trim(" \t");
            value = Unquote(value.Trim(" \t"));
            if (name.Equals("q", StringComparison.OrdinalIgnoreCase))
            {
                if (!TryReadWeight(value, out weight))
                {
                    return false;
                }
            }
            else if (name.Equals("version", StringComparison.OrdinalIgnoreCase))
            {
                version = value;
            }
        }

        return media.Length > 0;
    }

    /// <summary>RFC 9110's qvalue in thousandths: <c>0</c> to <c>1</c> with up to three decimals.</summary>
    private static bool TryReadWeight(ReadOnlySpan<char> text, out int thousandths)
    {
        thousandths = 0;
        if (text.Length is 0 or > 5 || text[0] is not ('0' or '1') || (text.Length > 1 && text[1] != '.'))
        {
            return false;
        }

        thousandths = (text[0] - '0') * 1000;
        var place = 100;
        for (var i = 2; i < text.Length; i++, place /= 10)
        {
            if (!char.IsAsciiDigit(text[i]))
            {
                return false;
            }

            thousandths += (text[i] - '0') * place;
        }

        return thousandths <= 1000;
    }

    private static ReadOnlySpan<char> Unquote(ReadOnlySpan<char> value) => value is ['"', .., '"'] ? value[1..^1] : value;

    /// <summary>Takes what stands before the separator, or all of it; separators inside quotes are text.</summary>
    private static ReadOnlySpan<char> TakeUntil(scoped ref ReadOnlySpan<char> rest, char separator)
    {
        var quoted = false;
        for (var i = 0; i < rest.Length; i++)
        {
            if (quoted && rest[i] == '\\')
            {
                i++;
            }
            else if (rest[i] == '"')
            {
                quoted = !quoted;
            }
            else if (rest[i] == separator && !quoted)
            {
                var taken = rest[..i];
                rest = rest[(i + 1)..];
                return taken;
            }
        }

        var all = rest;
        rest = default;
        return all;
    }

    private struct Preference
    {
        public int Specificity { get; private set; }

        public int Weight { get; private set; }

        public void Offer(int specificity, int weight)
        {
            if (specificity > Specificity)
            {
                (Specificity, Weight) = (specificity, weight);
            }
            else if (specificity > 0 && specificity == Specificity)
            {
                Weight = Math.Max(Weight, weight);
            }
        }
    }
}
