using System.Buffers.Binary;
using System.Text;

namespace Meshpulse.Wire.AgentUdp;

/// <summary>
/// The datagrams of the metrics agent, one value each: <c>type:uint16, value:int32</c>, both big-endian, then the
/// metric's name as UTF-8 without a terminator; 300 bytes at most. See docs/protocols.md.
/// </summary>
public static class AgentDatagram
{
    /// <summary>The longest datagram, in bytes.</summary>
    public const int MaxLength = 300;

    /// <summary>Bytes in front of the name.</summary>
    public const int HeaderLength = 6;

    /// <summary>Writes a datagram and returns its length, at most <see cref="MaxLength"/>.</summary>
    /// <param name="destination">Takes it; at least <see cref="MaxLength"/> bytes.</param>
    /// <param name="kind">How values of this name are put together.</param>
    /// <param name="value">The value; one that 32 bits can't hold becomes the nearest that they can.</param>
    /// <param name="name">The metric; one longer than 294 bytes is cut behind its last whole character, and what is no Unicode becomes U+FFFD.</param>
    public static int Write(Span<byte> destination, AgentValueKind kind, long value, ReadOnlySpan<char> name)
    {
        if (destination.Length < MaxLength)
        {
            throw new ArgumentException($"At least {MaxLength} bytes are needed", nameof(destination));
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)kind);
        BinaryPrimitives.WriteInt32BigEndian(destination[2..], (int)Math.Clamp(value, int.MinValue, int.MaxValue));
        var length = HeaderLength;
        foreach (var rune in name.EnumerateRunes())
        {
            if (length + rune.Utf8SequenceLength > MaxLength)
            {
                break;
            }

            length += rune.EncodeToUtf8(destination[length..]);
        }

        return length;
    }

    /// <summary>Reads a datagram as the agent would.</summary>
    /// <returns>False where it is too short or too long, its type is unknown, or its name is no UTF-8.</returns>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out AgentValueKind kind, out int value, out string name)
    {
        (kind, value, name) = (default, 0, "");
        if (datagram.Length is < HeaderLength or > MaxLength)
        {
            return false;
        }

        kind = (AgentValueKind)BinaryPrimitives.ReadUInt16BigEndian(datagram);
        value = BinaryPrimitives.ReadInt32BigEndian(datagram[2..]);
        var bytes = datagram[HeaderLength..];
        if (kind is < AgentValueKind.Sum or > AgentValueKind.Minimum || !System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return false;
        }

        name = Encoding.UTF8.GetString(bytes);
        return true;
    }
}
