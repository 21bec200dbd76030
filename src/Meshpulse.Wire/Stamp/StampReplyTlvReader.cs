namespace Meshpulse.Wire.Stamp;

/// <summary>
/// Walks the TLVs of a reply that its sender may use (RFC 8972, section 4): one with U is passed over, at one with M it ends, and where
/// any has I there are none. The MAC is checked apart, by <see cref="StampTlvCheck"/>.
/// </summary>
public ref struct StampReplyTlvReader
{
    private StampTlvReader _reader;
    private bool _ended;

    /// <summary>A reader before the first usable TLV.</summary>
    /// <param name="area">Everything behind the reply's base; any bytes.</param>
    public StampReplyTlvReader(ReadOnlySpan<byte> area)
    {
        _reader = new StampTlvReader(area);
        foreach (var tlv in _reader)
        {
            IntegrityFailed |= Has(tlv, StampTlvFlags.IntegrityFailed);
        }

        _ended = IntegrityFailed;
    }

    /// <summary>True where the reflector says that it could not verify the request's TLVs.</summary>
    public bool IntegrityFailed { get; }

    /// <summary>The TLV under the reader; of a known type it has a length that the type allows.</summary>
    public readonly StampTlv Current => _reader.Current;

    /// <summary>This reader, for <c>foreach</c>.</summary>
    public readonly StampReplyTlvReader GetEnumerator() => this;

    /// <summary>Goes on to the next usable one; false behind the last.</summary>
    public bool MoveNext()
    {
        while (!_ended && _reader.MoveNext())
        {
            _ended = _reader.Current.IsMalformed || Has(_reader.Current, StampTlvFlags.Malformed);
            if (!_ended && !Has(_reader.Current, StampTlvFlags.Unrecognised))
            {
                return true;
            }
        }

        _ended = true;
        return false;
    }

    /// <summary>Not HasFlag, which boxes both values until the JIT optimises its caller: for seconds after a start.</summary>
    private static bool Has(in StampTlv tlv, StampTlvFlags flag) => (tlv.Flags & flag) != StampTlvFlags.None;
}
