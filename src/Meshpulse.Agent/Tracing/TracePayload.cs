using System.Buffers.Binary;

namespace Meshpulse.Agent.Tracing;

/// <summary>
/// What a probe carries: id:uint16, its complement:uint16, secret:8 bytes; big-endian. Id and complement add up to the same sum
/// in every probe (RFC 1071), so that the checksum, by which some routers choose among links, is the same for a whole flow. The id
/// comes first, as routers may cut what they quote. For ICMP the id is the sequence number in the head, and the rest follows.
/// </summary>
internal sealed class TracePayload(ReadOnlySpan<byte> secret)
{
    public const int Length = 12;
    public const int SecretLength = 8;

    private const int IdLength = 4;

    private readonly byte[] _secret = secret[..SecretLength].ToArray();

    /// <summary>Writes a probe's payload.</summary>
    public void Write(Span<byte> destination, int id)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)id);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)~id);
        _secret.CopyTo(destination[IdLength..]);
    }

    /// <summary>Reads what an answer brought back, whole or cut.</summary>
    /// <param name="quoted">As much as there is.</param>
    /// <param name="id">The probe's id; null where too little is quoted.</param>
    /// <returns>False where it is none of ours.</returns>
    public bool TryRead(ReadOnlySpan<byte> quoted, out int? id)
    {
        id = null;
        if (quoted.Length < IdLength)
        {
            return true;
        }

        var number = BinaryPrimitives.ReadUInt16BigEndian(quoted);
        // Behind the payload the network may have padded.
        var rest = quoted[IdLength..Math.Min(quoted.Length, Length)];
        if (BinaryPrimitives.ReadUInt16BigEndian(quoted[2..]) != (ushort)~number || !rest.SequenceEqual(_secret.AsSpan(0, rest.Length)))
        {
            return false;
        }

        id = number;
        return true;
    }
}
