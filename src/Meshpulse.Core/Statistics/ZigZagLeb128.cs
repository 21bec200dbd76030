namespace Meshpulse.Core.Statistics;

/// <summary>
/// The variable-length integer of the HdrHistogram V2 encoding ("ZigZag LEB128-64b9B"): the sign folded into bit 0,
/// seven bits a byte, least significant first, and a ninth byte, where it takes one, of eight bits.
/// </summary>
public static class ZigZagLeb128
{
    /// <summary>The longest encoding, in bytes.</summary>
    public const int MaximumLength = 9;

    /// <summary>Writes a value and returns how many bytes it took; the span has <see cref="MaximumLength"/>.</summary>
    public static int Write(Span<byte> to, long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        var length = 0;
        while (rest > 0x7F && length < MaximumLength - 1)
        {
            to[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        to[length++] = (byte)rest;
        return length;
    }

    /// <summary>Reads a value off the front of <paramref name="from"/> and moves it on; false where it ends within the value.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> from, out long value)
    {
        ulong bits = 0;
        value = 0;
        for (var i = 0; i < from.Length; i++)
        {
            var isLast = i == MaximumLength - 1;
            bits |= (ulong)(isLast ? from[i] : from[i] & 0x7F) << (7 * i);
            if (isLast || from[i] < 0x80)
            {
                value = (long)(bits >> 1) ^ -(long)(bits & 1);
                from = from[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
