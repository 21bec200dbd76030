using System.Buffers.Binary;

namespace Meshpulse.Wire.Stamp;

/// <summary>
/// A reply whose length and error estimate were checked. An unauthenticated one may have TWAMP's 41 bytes. Nothing here says
/// that the reply is not forged: number, T1, session id, address and port must be those of a request, and with
/// authentication the MAC must hold (<see cref="StampMac.TryVerifyPacket"/>).
/// </summary>
public readonly ref struct StampReflectorView
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ref readonly StampLayout _at;

    private StampReflectorView(ReadOnlySpan<byte> bytes, StampMode mode)
    {
        _bytes = bytes;
        _at = ref StampLayout.Of(mode);
    }

    /// <summary>The reflector's number.</summary>
    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(_bytes);

    /// <summary>T3, in the format of <see cref="ErrorEstimate"/>.</summary>
    public StampTimestamp Timestamp => new(Read64(_at.Timestamp));

    /// <summary>How far T2 and T3 may be off.</summary>
    public StampErrorEstimate ErrorEstimate => new(Read16(_at.ErrorEstimate));

    /// <summary>The session id of the request, or 0 from a reflector that does not know it.</summary>
    public ushort Ssid => Read16(_at.Ssid);

    /// <summary>T2, in the format of <see cref="ErrorEstimate"/>.</summary>
    public StampTimestamp ReceiveTimestamp => new(Read64(_at.ReceiveTimestamp));

    /// <summary>The number of the request.</summary>
    public uint SenderSequence => BinaryPrimitives.ReadUInt32BigEndian(_bytes[_at.SenderSequence..]);

    /// <summary>T1 of the request.</summary>
    public StampTimestamp SenderTimestamp => new(Read64(_at.SenderTimestamp));

    /// <summary>The error estimate of the request.</summary>
    public StampErrorEstimate SenderErrorEstimate => new(Read16(_at.SenderErrorEstimate));

    /// <summary>The TTL or hop limit that the request came with; 255 may mean that the reflector can't see it.</summary>
    public byte SenderTtl => _bytes[_at.SenderTtl];

    /// <summary>What stands behind the base: TLVs or padding, mostly nothing.</summary>
    public ReadOnlySpan<byte> Tlvs => _bytes.Length < _at.Length ? default : _bytes[_at.Length..];

    /// <summary>The base as a value.</summary>
    public StampReflectorPacket Packet => new(
        Sequence, Timestamp, ErrorEstimate, Ssid, ReceiveTimestamp, SenderSequence, SenderTimestamp, SenderErrorEstimate, SenderTtl);

    /// <summary>Checks a datagram.</summary>
    /// <param name="datagram">The whole of it; any bytes.</param>
    /// <param name="mode">The mode that both ends were told.</param>
    /// <param name="view">Not to be used unless the answer is None.</param>
    public static StampError TryCreate(ReadOnlySpan<byte> datagram, StampMode mode, out StampReflectorView view)
    {
        view = default;
        if (datagram.Length < (mode == StampMode.Authenticated ? StampWire.AuthenticatedLength : StampWire.TwampReplyLength))
        {
            return StampError.TooShort;
        }

        view = new StampReflectorView(datagram, mode);
        return view.ErrorEstimate.IsValid ? StampError.None : StampError.ErrorEstimate;
    }

    private ushort Read16(int offset) => BinaryPrimitives.ReadUInt16BigEndian(_bytes[offset..]);

    private ulong Read64(int offset) => BinaryPrimitives.ReadUInt64BigEndian(_bytes[offset..]);
}
