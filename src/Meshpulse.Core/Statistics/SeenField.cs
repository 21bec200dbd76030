namespace Meshpulse.Core.Statistics;

/// <summary>
/// A field of the packet header as it came, of which a change matters more than the value: hop limit, DSCP. A value of 8 bytes.
/// </summary>
public record struct SeenField
{
    private bool _isKnown;
    private byte _last;

    /// <summary>The last one that was seen; null where none was.</summary>
    public readonly byte? Last => _isKnown ? _last : null;

    /// <summary>How often one differed from the one before.</summary>
    public uint Changes { get; private set; }

    /// <summary>A field as somebody else saw it.</summary>
    /// <param name="last">The last one that was seen; null where none was.</param>
    /// <param name="changes">How often one differed from the one before.</param>
    public static SeenField Of(byte? last, uint changes) => new() { _isKnown = last is not null, _last = last ?? 0, Changes = changes };

    /// <summary>Takes one; <paramref name="value"/> is null where the packet did not tell.</summary>
    public void See(byte? value)
    {
        if (value is not { } seen)
        {
            return;
        }

        Changes += _isKnown && seen != _last ? 1u : 0;
        (_isKnown, _last) = (true, seen);
    }
}
