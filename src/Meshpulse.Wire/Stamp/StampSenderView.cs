using System.Buffers.Binary;

namespace Meshpulse.Wire.Stamp;

/// <summary>
/// A request whose length and error estimate were checked. An unauthenticated one may be as short as TWAMP's header of 14
/// bytes; what is missing reads as zero. Whoever receives authenticated ones checks the MAC first.
/// </summary>
public readonly ref struct StampSenderView
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ref readonly StampLayout _at;

    private StampSenderView(ReadOnlySpan<byte> bytes, StampMode mode)
    {
        _bytes = bytes;
        _at = ref StampLayout.Of(mode);
    }

    /// <summary>The sender's number.</summary>
    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_bytes);

    /// <summary>T1, in the format of <see cref="ErrorEstimate"/>.</summary>
    public StampTimestamp Timestamp => new(BinaryPrimitives.ReadUInt64BigEndian(_bytes[_at.Timestamp..]));

    /// <summary>How far T1 may be off.</summary>
    public StampErrorEstimate ErrorEstimate => new(BinaryPrimitives.ReadUInt16BigEndian(_bytes[_at.ErrorEstimate..]));

    /// <summary>The session id; 0 for none.</summary>
    public ushort Ssid => _bytes.Length < _at.Ssid + 2 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(_bytes[_at.Ssid..]);

    /// <summary>True where it is shorter than STAMP's base, so that a TWAMP sender made it.</summary>
    public bool IsShort => _bytes.Length < _at.Length;

    /// <summary>
    /// True where there is something that a STAMP sender must leave zero: then it is most likely TWAMP's padding, and the
    /// session id was never meant as one.
    /// </summary>
    public bool HasPaddingInBase =>
        _bytes.Length > _at.Ssid + 2 && _bytes[(_at.Ssid + 2)..Math.Min(_bytes.Length, ZerosEnd)].ContainsAnyExcept((byte)0);

    /// <summary>What stands behind the base: TLVs or padding, mostly nothing.</summary>
    public ReadOnlySpan<byte> Tlvs => IsShort ? default : _bytes[_at.Length..];

    /// <summary>The base as a value.</summary>
    public StampSenderPacket Packet => new(Sequence, Timestamp, ErrorEstimate, Ssid);

    private int ZerosEnd => _at.Length == StampWire.AuthenticatedLength ? StampWire.MacOffset : _at.Length;

    /// <summary>Checks a datagram.</summary>
    /// <param name="datagram">The whole of it; any bytes.</param>
    /// <param name="mode">The mode that both ends were told.</param>
    /// <param name="view">Not to be used unless the answer is None.</param>
    public static StampError TryCreate(ReadOnlySpan<byte> datagram, StampMode mode, out StampSenderView view)
    {
        view = default;
        if (datagram.Length < (mode == StampMode.Authenticated ? StampWire.AuthenticatedLength : StampWire.TwampRequestLength))
        {
            return StampError.TooShort;
        }

        view = new StampSenderView(datagram, mode);
        return view.ErrorEstimate.IsValid ? StampError.None : StampError.ErrorEstimate;
    }
}
