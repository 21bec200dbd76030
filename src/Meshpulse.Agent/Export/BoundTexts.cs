namespace Meshpulse.Agent.Export;

/// <summary>
/// The <c>le</c> values of one set of bucket bounds. The histograms of a thousand peers have the same bounds, and spelling those anew
/// for each would be half the work of a page.
/// </summary>
internal sealed class BoundTexts(ExpositionFormat format)
{
    private double[] _bounds = [];
    private byte[][] _texts = [];

    /// <summary>The texts of these bounds, in their order.</summary>
    public ReadOnlySpan<byte[]> Of(ReadOnlySpan<double> bounds)
    {
        if (!bounds.SequenceEqual(_bounds))
        {
            _texts = new byte[bounds.Length][];
            for (var i = 0; i < bounds.Length; i++)
            {
                _texts[i] = Spell(bounds[i]);
            }

            _bounds = bounds.ToArray();
        }

        return _texts;
    }

    private byte[] Spell(double bound)
    {
        Span<byte> digits = stackalloc byte[32];
        Span<byte> text = stackalloc byte[ShortestDecimal.MaxPlainLength];
        var number = new ShortestDecimal(bound, digits);
        return text[..(format == ExpositionFormat.OpenMetrics ? number.WriteCanonical(text) : number.WritePlain(text))].ToArray();
    }
}
