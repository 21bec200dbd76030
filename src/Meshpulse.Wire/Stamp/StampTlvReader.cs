using System.Buffers.Binary;

namespace Meshpulse.Wire.Stamp;

/// <summary>
/// Walks the TLVs, or sub-TLVs, in any bytes: never throws, ends after at most a quarter as many steps as there are bytes, plus one.
/// It tells malformed ones and walks over those whose end can be known; what is done about them is for the caller.
/// </summary>
public ref struct StampTlvReader
{
    private readonly ReadOnlySpan<byte> _area;
    private int _next;

    /// <summary>A reader before the first TLV.</summary>
    /// <param name="area">Everything behind the base packet, or behind the fixed part of a TLV that holds others.</param>
    public StampTlvReader(ReadOnlySpan<byte> area) => _area = area;

    /// <summary>The TLV under the reader.</summary>
    public StampTlv Current { get; private set; }

    /// <summary>This reader, for <c>foreach</c>.</summary>
    public readonly StampTlvReader GetEnumerator() => this;

    /// <summary>Goes on to the next one; false behind the last.</summary>
    public bool MoveNext()
    {
        var rest = _area[_next..];
        if (rest.IsEmpty)
        {
            return false;
        }

        var flags = (StampTlvFlags)(rest[0] & 0xe0);
        var type = rest.Length > 1 ? (StampTlvType)rest[1] : StampTlvType.None;
        var value = rest[Math.Min(rest.Length, StampTlv.HeaderLength)..];
        var length = rest.Length < StampTlv.HeaderLength ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        var truncated = length > value.Length;
        Current = new StampTlv(_next, flags, type, truncated ? value : value[..length], truncated);
        _next = truncated ? _area.Length : Current.End;
        return true;
    }
}
